{# A name or address as its letters and digits in lower case; null if there are none. #}
{% macro one_spelling(column) -%}
    {%- set letters = fold_reason_letters("lower(" ~ column ~ ")") -%}
    nullif(trim(regexp_replace({{ letters }}, '[^\p{L}\p{M}\p{N}]+', ' ', 'g')), '')
{%- endmacro %}
