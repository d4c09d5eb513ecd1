-- One row per refund, asked for or paid.
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
    cast(refunds.refund_id as varchar) as refund_id,
    cast(refunds.order_id as varchar) as order_id,
    cast(refunds.customer_id as varchar) as customer_id,
    replace(cast(refunds.requested_at as varchar), ' ', 'T') || 'Z' as requested_at,
    replace(cast(refunds.refunded_at as varchar), ' ', 'T') || 'Z' as refunded_at,
    replace(cast(refunds.updated_at as varchar), ' ', 'T') || 'Z' as updated_at,
    refunds.status,
    refunds.refund_type,
    refunds.currency,
    cast(refunds.amount as bigint) as amount,
    cast(refunds.shipping_amount as bigint) as shipping_amount,
    refunds.reason,
    refunds.note,
    replace(cast(versions.changed_at as varchar), ' ', 'T') || 'Z' as changed_at
from versions
inner join refunds on versions.order_id = refunds.order_id
where
    (versions.changed_at, refunds.refund_id)
    > (cast({{after_changed_at}} as timestamp), cast({{after_id}} as bigint))
order by versions.changed_at, refunds.refund_id
limit {{page_size}}
