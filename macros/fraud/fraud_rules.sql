{#
    The three rules over the counts of a customer, a person or a month, each a flag. Both sides of
    the rate are whole numbers, so that exactly the threshold is met exactly. Arguments replace the
    variables of the same name, for policies that are compared.
#}
{% macro fraud_rules(
    min_orders=none, return_rate_threshold=none, serial_threshold=none, wardrobed="wardrobed_orders"
) -%}
    (
        orders >= {{ min_orders or var("min_orders") }}
        and orders_with_return >= cast(
            {{ return_rate_threshold or var("return_rate_threshold") }} as decimal(9, 6)
        ) * orders
    ) as is_high_return_rate,
    {{ wardrobed }} >= {{ var("wardrobing_min_orders") }} as is_wardrobing,
    returns_count >= {{ serial_threshold or var("serial_threshold") }} as is_serial_returner
{%- endmacro %}
