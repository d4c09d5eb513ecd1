-- Shipping that each refund claims to give back: GraphQL lists it, REST once wrote it as an
-- adjustment that lowers the order's total, so with the other sign.
with

shipping_lines as (

    select * from {{ ref('stg_shopify__refund_shipping_lines') }}

),

adjustments as (

    select * from {{ ref('stg_shopify__order_adjustments') }}
    where kind = 'SHIPPING_REFUND'

),

listed as (

    select
        sub_channel,
        order_id,
        refund_id,
        sum(coalesce(subtotal_shop_amount, 0)) as shipping_amount,
        sum(coalesce(tax_shop_amount, 0)) as tax_amount,
        sum(coalesce(subtotal_presentment_amount, 0)) as shipping_presentment_amount,
        sum(coalesce(tax_presentment_amount, 0)) as tax_presentment_amount
    from shipping_lines
    group by sub_channel, order_id, refund_id

),

adjusted as (

    select
        adjustments.sub_channel,
        adjustments.order_id,
        adjustments.refund_id,
        -sum(coalesce(adjustments.amount_shop_amount, 0)) as shipping_amount,
        -sum(coalesce(adjustments.tax_shop_amount, 0)) as tax_amount,
        -sum(coalesce(adjustments.amount_presentment_amount, 0)) as shipping_presentment_amount,
        -sum(coalesce(adjustments.tax_presentment_amount, 0)) as tax_presentment_amount
    from adjustments
    left join listed
        on
            adjustments.sub_channel = listed.sub_channel
            and adjustments.order_id = listed.order_id
            and adjustments.refund_id = listed.refund_id
    -- Both say the same money.
    where listed.refund_id is null
    group by adjustments.sub_channel, adjustments.order_id, adjustments.refund_id

),

final as (

    select * from listed
    union all
    select * from adjusted

)

select * from final
