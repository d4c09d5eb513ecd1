{# The rules that a customer breaks, by name; those that only all its accounts together break say so. #}
{% macro fraud_flags() -%}
    concat_ws(
        ', '
        {%- for rule in ["high_return_rate", "wardrobing", "serial_returner"] %},
        case
            when customers.is_{{ rule }} then '{{ rule }}'
            when persons.is_{{ rule }} then 'person:{{ rule }}'
        end
        {%- endfor %}
    )
{%- endmacro %}
