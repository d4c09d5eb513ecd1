{#
    Wilson score bound of a proportion, 95 % two-sided: `side` is 'lower' or 'upper'. Null when there
    were no trials. Held within 0 and 1, which rounding can leave by a hair. Wilson 1927.
#}
{% macro wilson_bound(successes, trials, side) -%}
    {%- if side not in ["lower", "upper"] -%}
        {{ exceptions.raise_compiler_error("wilson_bound: side is 'lower' or 'upper', not " ~ side) }}
    {%- endif -%}
    {%- set z = 1.959963984540054 -%}
    {%- set share = "cast(" ~ successes ~ " as double) / nullif(" ~ trials ~ ", 0)" -%}
    case
        when {{ trials }} > 0
            then least(1, greatest(0, (
                ({{ share }}) + {{ z * z }} / (2 * nullif({{ trials }}, 0))
                {{ '-' if side == 'lower' else '+' }} {{ z }} * sqrt(
                    (
                        ({{ share }}) * (1 - ({{ share }}))
                        + {{ z * z }} / (4 * nullif({{ trials }}, 0))
                    ) / nullif({{ trials }}, 0)
                )
            ) / (1 + {{ z * z }} / nullif({{ trials }}, 0))))
    end
{%- endmacro %}
