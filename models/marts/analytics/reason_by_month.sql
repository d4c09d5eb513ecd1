with

refunds as (

    select * from {{ ref('int_reason_shares__refunds') }}

),

reason_totals as (

    select
        channel,
        sub_channel,
        refund_month,
        reason_category,
        reason,
        count(distinct refund_key) as refunds,
        sum(units_refunded) as units_refunded,
        sum(refund_usd_at_refund_date) as refund_usd_at_refund_date
    from refunds
    group by channel, sub_channel, refund_month, reason_category, reason

),

final as (

    select
        channel,
        sub_channel,
        refund_month,
        reason_category,
        reason,
        refunds,
        cast(units_refunded as bigint) as units_refunded,
        cast(refund_usd_at_refund_date as decimal(18, 4)) as refund_usd_at_refund_date,
        {{ reason_share_columns('channel, sub_channel, refund_month') }}
    from reason_totals

)

select * from final
