{#
    A normalised Arabic word without its article and without its last letter where that is an ending: alef
    (case), heh or heh alef (his, her), yeh (my), kaf (your). Good enough to look a noun up, no more.
#}
{% macro arabic_word_root(word) -%}
    {{ return(
        "regexp_replace("
        ~ arabic_word_stem(word)
        ~ ", '(?:\u0647\u0627|[\u0627\u0647\u064a\u0643])$', '')"
    ) }}
{%- endmacro %}
