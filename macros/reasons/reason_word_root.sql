{#
    A normalised word without what grammar adds to it, to look it up once it is not found as it stands.
    English: plural, past and present participle. Arabic: article, lam or beh in front ("for", "with"), and
    at the end alef (case), heh or heh alef (his, her), yeh (my), kaf (your). By code point, since text
    of two directions can't be read in a line of code.
#}
{% macro reason_word_root(word) -%}
    {%- set english = "regexp_replace(" ~ word ~ ", '^([a-z]{3,}?)(?:es|s|ed|ing)$', '\\1')" -%}
    {%- set arabic = "regexp_replace(" ~ arabic_word_stem(english) ~ ", '^[\u0644\u0628]', '')" -%}
    {{ return(
        "regexp_replace("
        ~ arabic
        ~ ", '(?:\u0647\u0627|[\u0627\u0647\u064a\u0643])$', '')"
    ) }}
{%- endmacro %}
