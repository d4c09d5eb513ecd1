-- Counted from the sources and not from staging: a control total could not notice otherwise what
-- staging lost.
with

landings as (

    select
        order_id,
        arg_max(
            _run_id, (cast(updated_at as timestamptz), _run_id)
        ) as run_id,
        arg_max(
            substr(ordered_at, 1, 7), (cast(updated_at as timestamptz), _run_id)
        ) as order_month
    from {{ source('metabase', 'orders') }}
    group by order_id

),

order_items as (

    select * from {{ source('metabase', 'order_items') }}

),

refunds as (

    select * from {{ source('metabase', 'refunds') }}

),

refund_items as (

    select * from {{ source('metabase', 'refund_items') }}

),

-- What belongs to no order that we hold counts as of its own newest landing.
order_item_landings as (

    select
        order_items.order_item_id,
        coalesce(landings.order_month, 'unknown') as order_month,
        max({{ safe_cast('order_items.quantity', 'bigint') }}) as units,
        max(
            coalesce(
                {{ safe_cast('order_items.line_amount', 'bigint') }}
                + coalesce({{ safe_cast('order_items.discount_amount', 'bigint') }}, 0),
                {{ safe_cast('order_items.unit_amount', 'bigint') }}
                * {{ safe_cast('order_items.quantity', 'bigint') }}
            )
        ) as amount
    from order_items
    left join landings
        on order_items.order_id = landings.order_id
    where order_items._run_id = landings.run_id or landings.run_id is null
    group by order_items.order_item_id, coalesce(landings.order_month, 'unknown')

),

refund_item_landings as (

    select
        refund_items.refund_item_id,
        refund_items.refund_id,
        coalesce(landings.order_month, 'unknown') as order_month,
        max({{ safe_cast('refund_items.quantity', 'bigint') }}) as units,
        max({{ safe_cast('refund_items.amount', 'bigint') }}) as amount
    from refund_items
    left join landings
        on refund_items.order_id = landings.order_id
    where refund_items._run_id = landings.run_id or landings.run_id is null
    group by
        refund_items.refund_item_id,
        refund_items.refund_id,
        coalesce(landings.order_month, 'unknown')

),

refund_landings as (

    select
        refunds.refund_id,
        coalesce(max(landings.order_month), 'unknown') as order_month,
        max({{ safe_cast('refunds.amount', 'bigint') }}) as amount,
        coalesce(max({{ safe_cast('refunds.shipping_amount', 'bigint') }}), 0)
            as shipping_amount
    from refunds
    left join landings
        on refunds.order_id = landings.order_id
    where refunds._run_id = landings.run_id or landings.run_id is null
    group by refunds.refund_id

),

refund_item_sums as (

    select
        refund_id,
        sum(amount) as amount
    from refund_item_landings
    group by refund_id

),

unioned as (

    select
        'orders' as record_type,
        order_month,
        0 as units,
        0 as amount
    from landings

    union all

    select
        'order_items' as record_type,
        order_month,
        units,
        amount
    from order_item_landings

    union all

    select
        'refunds' as record_type,
        refund_landings.order_month,
        0 as units,
        -- A refund that states no sum of its own is worth its lines and shipping.
        coalesce(
            refund_landings.amount,
            coalesce(refund_item_sums.amount, 0) + refund_landings.shipping_amount
        ) as amount
    from refund_landings
    left join refund_item_sums
        on refund_landings.refund_id = refund_item_sums.refund_id

    union all

    select
        'refund_items' as record_type,
        order_month,
        units,
        amount
    from refund_item_landings

),

final as (

    select
        record_type,
        record_type || ' ' || order_month as source_batch,
        count(*) as row_count,
        coalesce(sum(units), 0) as units,
        coalesce(sum(amount), 0) as amount
    from unioned
    group by record_type, order_month

)

select * from final
