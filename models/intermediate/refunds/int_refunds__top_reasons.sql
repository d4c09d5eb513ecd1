with

refund_items as (

    select * from {{ ref('refund_items') }}
    where is_in_refund_rate and order_item_key is not null and product_key is not null

),

reason_totals as (

    select
        product_key,
        reason,
        reason_category,
        sum(units_refunded) as units_refunded
    from refund_items
    group by product_key, reason, reason_category

),

final as (

    select
        product_key,
        arg_max(reason, (units_refunded, reason)) as top_reason,
        arg_max(reason_category, (units_refunded, reason)) as top_reason_category,
        {{ rate(
            "sum(units_refunded) filter (where reason_category = 'OUR_FAULT')",
            'sum(units_refunded)'
        ) }} as our_fault_share
    from reason_totals
    group by product_key

)

select * from final
