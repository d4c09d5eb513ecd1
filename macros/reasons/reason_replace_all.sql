{# Every match of an RE2 pattern replaced; this is where both become SQL literals. #}
{% macro reason_replace_all(text, pattern, replacement) -%}
    {%- set pattern_sql = pattern | replace("'", "''") -%}
    {%- set replacement_sql = replacement | replace("'", "''") -%}
    {{ return(
        "regexp_replace(" ~ text ~ ", '" ~ pattern_sql ~ "', '" ~ replacement_sql ~ "', 'g')"
    ) }}
{%- endmacro %}
