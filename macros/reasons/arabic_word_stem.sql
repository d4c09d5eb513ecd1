{#
    A normalised word without the Arabic article and what leans on it: waw or feh ("and"), then alef lam
    alone or after beh, lam or kaf. By code point, since text of two directions can't be read in a line
    of code. Words of other scripts stay as they are.
#}
{% macro arabic_word_stem(word) -%}
    {%- set article = "(?:\u0627\u0644|\u0628\u0627\u0644|\u0644\u0644|\u0643\u0627\u0644)" -%}
    {%- set conjunction = "[\u0648\u0641]" -%}
    {{ return(
        "regexp_replace(" ~ word ~ ", '^(?:" ~ conjunction ~ "?" ~ article ~ "|" ~ conjunction ~ ")', '')"
    ) }}
{%- endmacro %}
