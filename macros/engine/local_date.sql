{# The calendar day of a UTC timestamp in a time zone. #}
{% macro local_date(utc_timestamp, time_zone) -%}
    cast(timezone({{ time_zone }}, timezone('UTC', {{ utc_timestamp }})) as date)
{%- endmacro %}
