{# The key of a person: a hash of the first of its accounts, by the alphabet. #}
{% macro person_key(user_key) -%}
    'person:' || substr({{ hash_identifier(user_key) }}, 1, 32)
{%- endmacro %}
