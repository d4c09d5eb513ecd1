{# SHA-256 (hex) of an e-mail address or phone number, lower case and without blanks around it. #}
{% macro hash_identifier(column) -%}
    sha256(lower(trim({{ column }})))
{%- endmacro %}
