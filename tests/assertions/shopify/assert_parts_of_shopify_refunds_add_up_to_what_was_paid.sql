-- The items, tax, shipping and adjustments of a refund are the money that its transactions moved.
-- That of a foreign order counts at the order's own rate.
with

refunds as (

    select
        paid_refunds.sub_channel,
        paid_refunds.order_id,
        paid_refunds.refund_id,
        case
            when orders.presentment_currency != orders.currency then refund_values.refund_amount
            else paid_refunds.paid_amount
        end as refund_amount
    from {{ ref('int_shopify__paid_refunds') }} as paid_refunds
    inner join {{ ref('int_shopify__refund_values') }} as refund_values
        on
            paid_refunds.sub_channel = refund_values.sub_channel
            and paid_refunds.order_id = refund_values.order_id
            and paid_refunds.refund_id = refund_values.refund_id
    inner join {{ ref('int_shopify__orders_classified') }} as orders
        on
            paid_refunds.sub_channel = orders.sub_channel
            and paid_refunds.order_id = orders.order_id

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
    refunds.refund_amount,
    part_totals.refund_amount as parts_amount
from refunds
left join part_totals
    on
        refunds.sub_channel = part_totals.sub_channel
        and refunds.order_id = part_totals.order_id
        and refunds.refund_id = part_totals.refund_id
where coalesce(part_totals.refund_amount, 0) != refunds.refund_amount
