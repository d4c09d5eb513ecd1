{#
    Salted SHA-256 (hex) of an e-mail address or phone number, lower case and without blanks around
    it. Without setting HASH_SALT whoever guesses the address can confirm the guess.
#}
{% macro hash_identifier(column) -%}
    sha256({{ hash_salt() }} || lower(trim({{ column }})))
{%- endmacro %}
