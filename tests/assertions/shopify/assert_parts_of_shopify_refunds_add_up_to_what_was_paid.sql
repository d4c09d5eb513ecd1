-- The items, tax, shipping and adjustments of a refund are the money that its transactions moved.
with

refunds as (

    select * from {{ ref('int_shopify__paid_refunds') }}

),

part_totals as (

    select
        sub_channel,
        order_id,
        refund_id,
        sum(refund_amount) as refund_amount
    from {{ ref('int_shopify__refund_components') }}
    group by sub_channel, order_id, refund_id

)

select
    refunds.sub_channel,
    refunds.order_id,
    refunds.refund_id,
    refunds.paid_amount,
    part_totals.refund_amount
from refunds
left join part_totals
    on
        refunds.sub_channel = part_totals.sub_channel
        and refunds.order_id = part_totals.order_id
        and refunds.refund_id = part_totals.refund_id
where coalesce(part_totals.refund_amount, 0) != refunds.paid_amount
