{#
    One spelling for one mailbox: lower case, no blanks, no +tag, and at Gmail no dots. Null when it
    is no e-mail address. Gmail is looked for by a pattern, since DuckDB 2.0.0 can't plan `in` at that
    place over a column that holds nothing.
#}
{% macro normalised_email(column) -%}
    {%- set address = "lower(trim(" ~ column ~ "))" -%}
    {%- set mailbox = "regexp_replace(split_part(" ~ address ~ ", '@', 1), '[+].*$', '')" -%}
    case
        when not regexp_matches({{ address }}, '^[^@ ]+@[^@ ]+[.][^@ ]+$') then null
        when {{ mailbox }} = '' then {{ address }}
        when regexp_matches({{ address }}, '@(gmail|googlemail)[.]com$')
            then replace({{ mailbox }}, '.', '') || '@gmail.com'
        else {{ mailbox }} || '@' || split_part({{ address }}, '@', 2)
    end
{%- endmacro %}
