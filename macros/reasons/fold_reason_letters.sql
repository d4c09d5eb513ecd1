{#
    Letters that count as one made one, see reason_letter_folds. translate() reads its alphabet anew for
    each row, half a millisecond, so text without a foreign letter goes around it.
#}
{% macro fold_reason_letters(text) -%}
    {%- set folds = reason_letter_folds() -%}
    {%- set folded = namespace(
        sql="translate(" ~ text ~ ", '" ~ folds.from_letters ~ "', '" ~ folds.to_letters ~ "')"
    ) -%}
    {%- for pair in folds.pairs -%}
        {%- set folded.sql = "replace(" ~ folded.sql ~ ", '" ~ pair[0] ~ "', '" ~ pair[1] ~ "')" -%}
    {%- endfor -%}
    {{ return(
        "case when regexp_matches(" ~ text ~ ", '[^\\x00-\\x7f]') then " ~ folded.sql
        ~ " else " ~ text ~ " end"
    ) }}
{%- endmacro %}
