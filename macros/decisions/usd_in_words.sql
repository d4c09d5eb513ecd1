{# An amount in USD as evidence shows it. #}
{% macro usd_in_words(amount) -%}
    format('{:,.2f} USD', cast({{ amount }} as double))
{%- endmacro %}
