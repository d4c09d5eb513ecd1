{#
    Evidence in `hits` of `trials` for odds of `odds_ratio` times those of `base_rate`, as a natural
    logarithm: what a CUSUM adds up. Below zero when the base rate explains them better.
#}
{% macro log_likelihood_ratio(hits, trials, base_rate, odds_ratio) -%}
    (
        {{ hits }} * ln(cast({{ odds_ratio }} as double))
        - {{ trials }} * ln(1 - {{ base_rate }} + {{ odds_ratio }} * {{ base_rate }})
    )
{%- endmacro %}
