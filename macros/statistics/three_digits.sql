{# A positive number to three significant digits. #}
{% macro three_digits(value) -%}
    (
        round({{ value }} / power(10, floor(log10({{ value }})) - 2))
        * power(10, floor(log10({{ value }})) - 2)
    )
{%- endmacro %}
