{# Every match of an RE2 pattern replaced; pattern and replacement are written as SQL literals here. #}
{% macro reason_replace_all(text, pattern, replacement) -%}
    {%- set pattern_sql = pattern | replace("'", "''") -%}
    {%- set replacement_sql = replacement | replace("'", "''") -%}
    {{ return(
        "regexp_replace(" ~ text ~ ", '" ~ pattern_sql ~ "', '" ~ replacement_sql ~ "', 'g')"
    ) }}
{%- endmacro %}
