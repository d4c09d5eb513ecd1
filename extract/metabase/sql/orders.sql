-- One row per order.
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
    cast(orders.order_id as varchar) as order_id,
    orders.order_number,
    cast(orders.customer_id as varchar) as customer_id,
    replace(cast(orders.ordered_at as varchar), ' ', 'T') || 'Z' as ordered_at,
    replace(cast(versions.changed_at as varchar), ' ', 'T') || 'Z' as updated_at,
    replace(cast(orders.delivered_at as varchar), ' ', 'T') || 'Z' as delivered_at,
    replace(cast(orders.cancelled_at as varchar), ' ', 'T') || 'Z' as cancelled_at,
    orders.status,
    cast(orders.is_test as varchar) as is_test,
    orders.currency,
    cast(orders.items_amount as bigint) as items_amount,
    cast(orders.discount_amount as bigint) as discount_amount,
    cast(orders.shipping_amount as bigint) as shipping_amount,
    cast(orders.tax_amount as bigint) as tax_amount,
    cast(orders.total_amount as bigint) as total_amount,
    replace(cast(versions.changed_at as varchar), ' ', 'T') || 'Z' as changed_at
from versions
inner join orders on versions.order_id = orders.order_id
where
    (versions.changed_at, orders.order_id)
    > (cast({{after_changed_at}} as timestamp), cast({{after_id}} as bigint))
order by versions.changed_at, orders.order_id
limit {{page_size}}
