-- One row per order line in a refund.
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
    cast(refund_items.refund_item_id as varchar) as refund_item_id,
    cast(refund_items.refund_id as varchar) as refund_id,
    cast(refund_items.order_id as varchar) as order_id,
    cast(refund_items.order_item_id as varchar) as order_item_id,
    cast(refund_items.quantity as bigint) as quantity,
    cast(refund_items.amount as bigint) as amount,
    cast(refund_items.is_received as varchar) as is_received,
    replace(cast(refund_items.received_at as varchar), ' ', 'T') || 'Z' as received_at,
    refund_items.reason,
    replace(cast(refund_items.updated_at as varchar), ' ', 'T') || 'Z' as updated_at,
    replace(cast(versions.changed_at as varchar), ' ', 'T') || 'Z' as changed_at
from versions
inner join refund_items on versions.order_id = refund_items.order_id
where
    (versions.changed_at, refund_items.refund_item_id)
    > (cast({{after_changed_at}} as timestamp), cast({{after_id}} as bigint))
order by versions.changed_at, refund_items.refund_item_id
limit {{page_size}}
