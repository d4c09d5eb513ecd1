{# A status as a lookup key: lower case, every run of other characters one blank. Null when blank. #}
{% macro status_key(column) -%}
    nullif(trim(regexp_replace(lower({{ column }}), '[^a-z0-9]+', ' ', 'g')), '')
{%- endmacro %}
