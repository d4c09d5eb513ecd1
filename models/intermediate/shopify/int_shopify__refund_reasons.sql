-- Why a refund without goods was given: its note, else the reason of its adjustment.
with

refunds as (

    select * from {{ ref('int_shopify__paid_refunds') }}

),

adjustments as (

    select
        sub_channel,
        order_id,
        refund_id,
        arg_min(reason, adjustment_id) as reason
    from {{ ref('stg_shopify__order_adjustments') }}
    where reason is not null and coalesce(kind, 'REFUND_DISCREPANCY') = 'REFUND_DISCREPANCY'
    group by sub_channel, order_id, refund_id

),

final as (

    select
        refunds.sub_channel,
        refunds.order_id,
        refunds.refund_id,
        coalesce(refunds.note, adjustments.reason) as raw_reason,
        case
            when refunds.note is null and adjustments.reason is not null
                then 'shopify_adjustments'
            else 'any'
        end as layout
    from refunds
    left join adjustments
        on
            refunds.sub_channel = adjustments.sub_channel
            and refunds.order_id = adjustments.order_id
            and refunds.refund_id = adjustments.refund_id

)

select * from final
