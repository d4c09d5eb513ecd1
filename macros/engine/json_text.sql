{# A field of a JSON document as text; null where there is none, or where the text is no JSON. #}
{% macro json_text(document, field) -%}
    (try_cast({{ document }} as json) ->> '$.{{ field }}')
{%- endmacro %}
