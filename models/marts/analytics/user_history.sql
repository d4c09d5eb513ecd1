with

orders as (

    select * from {{ ref('orders') }}
    where user_key is not null and not is_test

),

refund_items as (

    select * from {{ ref('refund_items') }}
    where user_key is not null

),

return_items as (

    select * from {{ ref('return_items') }}
    where user_key is not null

),

events as (

    select
        user_key,
        channel,
        sub_channel,
        'order' as event,
        order_key as event_key,
        order_key,
        ordered_at as happened_at,
        case when is_cancelled then 'cancelled' else 'sold' end as state,
        cast(null as string) as reason,
        cast(null as string) as reason_category,
        units_ordered as units,
        sales_usd as amount_usd
    from orders
    union all
    select
        user_key,
        channel,
        sub_channel,
        'refund' as event,
        refund_item_key as event_key,
        order_key,
        refunded_at as happened_at,
        refund_kind as state,
        reason,
        reason_category,
        units_refunded as units,
        refund_usd as amount_usd
    from refund_items
    union all
    select
        user_key,
        channel,
        sub_channel,
        'return' as event,
        return_item_key as event_key,
        order_key,
        coalesce(requested_at, received_at) as happened_at,
        return_status as state,
        reason,
        reason_category,
        units_returned as units,
        cast(null as decimal(18, 4)) as amount_usd
    from return_items

),

final as (

    select
        ---------- keys
        user_key,
        row_number() over (
            partition by user_key order by happened_at nulls last, event, event_key
        ) as event_number,
        event_key,
        order_key,

        ---------- attributes
        channel,
        sub_channel,
        event,
        state,
        reason,
        reason_category,

        ---------- amounts
        units,
        cast(amount_usd as decimal(18, 4)) as amount_usd,

        ---------- times
        happened_at

    from events

)

select * from final
