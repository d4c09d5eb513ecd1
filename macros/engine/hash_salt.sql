{# Setting HASH_SALT, or nothing. A variable of the session: it never stands in compiled SQL. #}
{% macro hash_salt() -%}
    coalesce(getvariable('hash_salt'), '')
{%- endmacro %}
