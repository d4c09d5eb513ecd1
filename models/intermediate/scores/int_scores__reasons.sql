with

refund_items as (

    {{ rows_in(
        'scans',
        ref('refund_items'),
        'kept.is_in_refund_rate and kept.order_item_key is not null and kept.product_key is not null'
    ) }}

),

reasons as (

    select * from {{ ref('reasons') }}

),

reason_totals as (

    select
        product_key,
        coalesce(sub_channel, 'all') as sub_channel,
        reason,
        reason_category,
        sum(units_refunded) as units_refunded
    from refund_items
    group by
        grouping sets (
            (product_key, sub_channel, reason, reason_category),
            (product_key, reason, reason_category)
        )

),

top_reasons as (

    select
        product_key,
        sub_channel,
        arg_max(reason, (units_refunded, reason)) as top_reason,
        arg_max(reason_category, (units_refunded, reason)) as top_reason_category,
        {{ rate(
            "sum(units_refunded) filter (where reason_category = 'OUR_FAULT')",
            'sum(units_refunded)'
        ) }} as our_fault_share,
        {{ rate(
            "sum(units_refunded) filter (where reason_category = 'PRODUCT_ISSUES')",
            'sum(units_refunded)'
        ) }} as product_issues_share,
        {{ rate(
            "sum(units_refunded) filter (where reason_category = 'CUSTOMER')",
            'sum(units_refunded)'
        ) }} as customer_share
    from reason_totals
    group by product_key, sub_channel

),

final as (

    select
        top_reasons.product_key,
        top_reasons.sub_channel,
        top_reasons.top_reason,
        top_reasons.top_reason_category,
        reasons.advice as top_reason_advice,
        coalesce(top_reasons.our_fault_share, 0) as our_fault_share,
        coalesce(top_reasons.product_issues_share, 0) as product_issues_share,
        coalesce(top_reasons.customer_share, 0) as customer_share
    from top_reasons
    left join reasons
        on top_reasons.top_reason = reasons.reason

)

select * from final
