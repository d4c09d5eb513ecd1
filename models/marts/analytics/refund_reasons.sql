with

refund_items as (

    select * from {{ ref('refund_items') }}
    where is_in_refund_rate

),

reason_totals as (

    select
        channel,
        sub_channel,
        reason_category,
        reason,
        count(distinct refund_id) as refunds,
        sum(units_refunded) as units_refunded,
        sum(refund_usd) as refund_usd,
        sum(units_refunded) filter (where reason_match = 'unmapped') as units_unmapped
    from refund_items
    group by channel, sub_channel, reason_category, reason

),

final as (

    select
        channel,
        sub_channel,
        reason_category,
        reason,
        refunds,
        cast(units_refunded as bigint) as units_refunded,
        cast(coalesce(units_unmapped, 0) as bigint) as units_unmapped,
        cast(refund_usd as decimal(18, 4)) as refund_usd,
        {{ rate(
            'units_refunded', 'sum(units_refunded) over (partition by channel, sub_channel)'
        ) }} as refund_share
    from reason_totals

)

select * from final
