{# What the rules and the baseline need to know of a group of evaluated orders. #}
{% macro fraud_counts() -%}
    count(*) as orders,
    count(*) filter (where has_return) as orders_with_return,
    cast(sum(returns_count) as bigint) as returns_count,
    count(*) filter (where is_wardrobed) as wardrobed_orders,
    count(*) filter (where delivered_at is null) as orders_without_delivery,
    count(*) filter (where is_excused) as orders_excused,
    cast(sum(is_held) as bigint) as orders_held,
    {{ exact_sum('expected_returns') }} as expected_orders_held,
    cast(sum(units_sold) as bigint) as units_sold,
    cast(sum(units_returned) as bigint) as units_returned
{%- endmacro %}
