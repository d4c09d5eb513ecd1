{#
    How far an order has come to be mature: 4 when it is, else the quarters of `maturity_days` that it
    has behind it. Scores compare a line with others of its band, for the younger it is the less of
    what will come back has come back.
#}
{% macro age_band(ordered_at) -%}
    case
        {%- for quarter in [4, 3, 2, 1] %}
        when {{ ordered_at }}
            <= {{ as_of() }} - interval '{{ var("maturity_days") * 6 * quarter }} hours'
            then {{ quarter }}
        {%- endfor %}
        else 0
    end
{%- endmacro %}
