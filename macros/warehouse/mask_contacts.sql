{# Free text fit for shared marts: e-mail addresses and phone-like runs of digits are blotted out. #}
{% macro mask_contacts(column) -%}
    regexp_replace(
        regexp_replace({{ column }}, '[^[:space:]]+@[^[:space:]]+', '[e-mail]', 'g'),
        '[+]?[0-9][0-9 ().-]{6,}[0-9]',
        '[number]',
        'g'
    )
{%- endmacro %}
