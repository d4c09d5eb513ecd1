with

refunds as (

    select * from {{ ref('int_reason_shares__refunds') }}

),

reason_totals as (

    select
        channel,
        sub_channel,
        reason_category,
        reason,
        count(distinct refund_key) as refunds,
        sum(units_refunded) as units_refunded,
        sum(refund_usd) as refund_usd
    from refunds
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
        cast(if(reason = 'unmapped', units_refunded, 0) as bigint) as units_unmapped,
        cast(refund_usd as decimal(18, 4)) as refund_usd,
        {{ reason_share_columns('channel, sub_channel') }}
    from reason_totals

)

select * from final
