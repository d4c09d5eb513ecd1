{#
    One spelling for one mailbox: lower case, no blanks, no +tag, and at Gmail no dots. Null when it
    is no e-mail address.
#}
{% macro normalised_email(column) -%}
    {%- set address = "lower(trim(" ~ column ~ "))" -%}
    {%- set mailbox = "regexp_replace(split_part(" ~ address ~ ", '@', 1), '[+].*$', '')" -%}
    case
        when not regexp_matches({{ address }}, '^[^@ ]+@[^@ ]+[.][^@ ]+$') then null
        when {{ mailbox }} = '' then {{ address }}
        when split_part({{ address }}, '@', 2) in ('gmail.com', 'googlemail.com')
            then replace({{ mailbox }}, '.', '') || '@gmail.com'
        else {{ mailbox }} || '@' || split_part({{ address }}, '@', 2)
    end
{%- endmacro %}
