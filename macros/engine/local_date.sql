{# The calendar day of a UTC timestamp in a time zone. #}
{% macro local_date(utc_timestamp, time_zone) -%}
    {{ return(adapter.dispatch("local_date", "refund_warehouse")(utc_timestamp, time_zone)) }}
{%- endmacro %}

{% macro duckdb__local_date(utc_timestamp, time_zone) -%}
    cast(timezone({{ time_zone }}, timezone('UTC', {{ utc_timestamp }})) as date)
{%- endmacro %}
