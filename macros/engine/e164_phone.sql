{#
    A phone number as +<country><number> (E.164), null when it is none. `region` is the country of
    numbers without a country code. DuckDB gets the function from macros/engine/phone_numbers.py; on
    Spark, register the same Python function with the session before dbt runs.
#}
{% macro e164_phone(text, region) -%}
    e164_phone({{ text }}, {{ region }})
{%- endmacro %}
