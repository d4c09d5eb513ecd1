{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('refund_items') }}
    where order_key is not null

),

-- The same amount for the same product under several refunds.
repeated as (

    select
        order_key,
        count(distinct refund_id) as refunds,
        (count(distinct refund_id) - 1) * max(refund_usd) as repeated_usd
    from refunds
    where component = 'item' and refund_kind != 'cancellation' and refund_amount > 0
    group by order_key, product_key, refund_amount, currency

),

repeated_orders as (

    select
        order_key,
        max(refunds) as repeated_refunds,
        sum(repeated_usd) as repeated_usd
    from repeated
    where refunds > 1
    group by order_key

),

summed as (

    select
        order_key,
        sum(units_refunded) filter (where refund_kind != 'cancellation') as units_refunded,
        sum(units_refunded) filter (where is_over_refund) as units_over_refunded,
        sum(refund_usd) filter (where is_over_refund) as over_refunded_units_usd,
        -- Item money against item money: shipping given back was not part of the lines.
        sum(refund_amount) filter (where component = 'item' and refund_kind != 'cancellation')
            as item_refund_amount,
        sum(refund_usd) filter (where component = 'item' and refund_kind != 'cancellation')
            as item_refund_usd,
        min(currency) as currency,
        count(distinct currency) as currencies,
        sum(refund_usd) as refund_usd,
        sum(refund_usd) filter (where refund_kind = 'refund_only') as kept_refund_usd,
        sum(refund_usd) filter (where refund_kind = 'undelivered') as undelivered_refund_usd,
        sum(refund_usd) filter (where reason_match = 'unmapped') as unmapped_refund_usd,
        bool_or(refund_kind = 'return' and units_refunded > 0) as has_returned_goods,
        arg_max(reason, (units_refunded, coalesce(refund_usd, 0), reason)) as top_reason,
        arg_max(reason_category, (units_refunded, coalesce(refund_usd, 0), reason))
            as top_reason_category,
        max(refunded_at) as last_refunded_at
    from refunds
    group by order_key

),

final as (

    select
        summed.*,
        coalesce(repeated_orders.repeated_refunds, 0) as repeated_refunds,
        repeated_orders.repeated_usd
    from summed
    left join repeated_orders
        on summed.order_key = repeated_orders.order_key

)

select * from final
