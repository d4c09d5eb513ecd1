{#
    Standard errors between two proportions, pooled variance: positive when the first is larger. Null
    when either has no trials or nothing varies.
#}
{% macro two_proportion_z(successes, trials, other_successes, other_trials) -%}
    (
        cast({{ successes }} as double) / nullif({{ trials }}, 0)
        - cast({{ other_successes }} as double) / nullif({{ other_trials }}, 0)
    ) / nullif(
        sqrt(
            cast({{ successes }} + {{ other_successes }} as double)
            / nullif({{ trials }} + {{ other_trials }}, 0)
            * (
                1 - cast({{ successes }} + {{ other_successes }} as double)
                / nullif({{ trials }} + {{ other_trials }}, 0)
            )
            * (
                cast(1 as double) / nullif({{ trials }}, 0)
                + cast(1 as double) / nullif({{ other_trials }}, 0)
            )
        ),
        0
    )
{%- endmacro %}
