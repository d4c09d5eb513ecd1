{# Natural logarithm of the beta function. #}
{% macro log_beta(alpha, beta) -%}
    ({{ log_gamma(alpha) }} + {{ log_gamma(beta) }} - {{ log_gamma(alpha ~ " + " ~ beta) }})
{%- endmacro %}
