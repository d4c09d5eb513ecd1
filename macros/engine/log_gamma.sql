{# Natural logarithm of the gamma function, for arguments above zero. #}
{% macro log_gamma(expression) -%}
    lgamma(cast({{ expression }} as double))
{%- endmacro %}
