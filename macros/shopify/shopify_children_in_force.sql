{#
    Rows of `source` that belong to the newest fetched version of their order (CTE `orders`). Each run
    lands an order with all of its children, so those of its newest run are the whole set, and a row
    that vanished from the order vanishes here.
#}
{% macro shopify_children_in_force(key) -%}
    select source.*
    from source
    inner join orders
        on
            lower(source.store) = orders.sub_channel
            and source.order_id = orders.order_id
            and source._run_id = orders.run_id
    qualify
        row_number() over (
            partition by source.{{ key | join(", source.") }}
            order by source._extracted_at desc
        ) = 1
{%- endmacro %}
