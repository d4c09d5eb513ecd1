{#
    95 % bound of a standardised ratio, observed over expected, the observed count being Poisson.
    Byar's APPROXIMATION (Breslow and Day 1987): within 1 % of the exact limits from 5 observed on.
    `side` is 'lower' or 'upper'. Null when nothing is expected.
#}
{% macro ratio_bound(observed, expected, side) -%}
    {%- if side not in ["lower", "upper"] -%}
        {{ exceptions.raise_compiler_error("ratio_bound: side is 'lower' or 'upper', not " ~ side) }}
    {%- endif -%}
    {%- set z = 1.959963984540054 -%}
    {%- if side == "lower" -%}
    case
        when {{ observed }} > 0 then {{ observed }} * power(
            greatest(
                0,
                1 - 1 / (9.0 * {{ observed }})
                - {{ z }} / (3 * sqrt(cast({{ observed }} as double)))
            ), 3
        )
        else 0.0
    end / nullif({{ expected }}, 0)
    {%- else -%}
    ({{ observed }} + 1) * power(
        1 - 1 / (9.0 * ({{ observed }} + 1))
        + {{ z }} / (3 * sqrt(cast({{ observed }} + 1 as double))), 3
    ) / nullif({{ expected }}, 0)
    {%- endif -%}
{%- endmacro %}
