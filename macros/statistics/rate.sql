{# A share as a double; null when there is nothing to divide by. #}
{% macro rate(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}
