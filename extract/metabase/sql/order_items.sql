-- One row per line of an order.
-- changed_at: the last change of the order or of anything that belongs to it.
with

changes as not materialized (
    select
        order_id,
        updated_at
    from orders
    union all
    select
        order_id,
        updated_at
    from order_items
    union all
    select
        order_id,
        updated_at
    from refunds
    union all
    select
        order_id,
        updated_at
    from refund_items
),

touched as (
    select order_id
    from changes
    where
        updated_at >= cast({{since}} as timestamp)
        and updated_at < cast({{until}} as timestamp)
    group by order_id
),

-- An order that changed again after the window belongs to a later one.
versions as (
    select
        changes.order_id,
        max(changes.updated_at) as changed_at
    from touched
    inner join changes on touched.order_id = changes.order_id
    group by changes.order_id
    having max(changes.updated_at) < cast({{until}} as timestamp)
)

select
    cast(order_items.order_item_id as varchar) as order_item_id,
    cast(order_items.order_id as varchar) as order_id,
    cast(order_items.product_id as varchar) as product_id,
    order_items.sku,
    order_items.product_name,
    cast(order_items.quantity as bigint) as quantity,
    cast(order_items.cancelled_quantity as bigint) as cancelled_quantity,
    cast(order_items.unit_amount as bigint) as unit_amount,
    cast(order_items.discount_amount as bigint) as discount_amount,
    cast(order_items.line_amount as bigint) as line_amount,
    order_items.currency,
    order_items.status,
    cast(order_items.is_gift_card as varchar) as is_gift_card,
    replace(cast(order_items.updated_at as varchar), ' ', 'T') || 'Z' as updated_at,
    replace(cast(versions.changed_at as varchar), ' ', 'T') || 'Z' as changed_at
from versions
inner join order_items on versions.order_id = order_items.order_id
where
    (versions.changed_at, order_items.order_item_id)
    > (cast({{after_changed_at}} as timestamp), cast({{after_id}} as bigint))
order by versions.changed_at, order_items.order_item_id
limit {{page_size}}
