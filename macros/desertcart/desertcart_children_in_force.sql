{#
    Rows of `renamed` that belong to the newest landing of their order (CTE `orders`). An order lands
    with all that belongs to it: what its newest landing does not hold is gone. A row that moved to
    another order is still in the newest landing of the first: the later one counts.
#}
{% macro desertcart_children_in_force(key) -%}
    select renamed.*
    from renamed
    left join orders
        on renamed.order_id = orders.order_id
    where renamed.run_id = orders.run_id or orders.run_id is null
    qualify
        row_number() over (
            partition by renamed.{{ key }}
            order by renamed.run_id desc, renamed.updated_at desc
        ) = 1
{%- endmacro %}
