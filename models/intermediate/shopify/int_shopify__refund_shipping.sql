-- Shipping that each refund claims to give back. GraphQL lists it; REST writes it as an adjustment,
-- which lowers the order's total and so has the other sign, or lists it, or both: the same money.
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
        sum(subtotal_shop_amount) as shipping_amount,
        sum(tax_shop_amount) as tax_amount,
        sum(subtotal_presentment_amount) as shipping_presentment_amount,
        sum(tax_presentment_amount) as tax_presentment_amount
    from shipping_lines
    group by sub_channel, order_id, refund_id

),

adjusted as (

    select
        sub_channel,
        order_id,
        refund_id,
        -sum(amount_shop_amount) as shipping_amount,
        -sum(tax_shop_amount) as tax_amount,
        -sum(amount_presentment_amount) as shipping_presentment_amount,
        -sum(tax_presentment_amount) as tax_presentment_amount
    from adjustments
    group by sub_channel, order_id, refund_id

),

final as (

    select
        coalesce(listed.sub_channel, adjusted.sub_channel) as sub_channel,
        coalesce(listed.order_id, adjusted.order_id) as order_id,
        coalesce(listed.refund_id, adjusted.refund_id) as refund_id,
        coalesce(listed.shipping_amount, adjusted.shipping_amount, 0) as shipping_amount,
        -- REST's list has no tax.
        coalesce(listed.tax_amount, adjusted.tax_amount, 0) as tax_amount,
        coalesce(listed.shipping_presentment_amount, adjusted.shipping_presentment_amount, 0)
            as shipping_presentment_amount,
        coalesce(listed.tax_presentment_amount, adjusted.tax_presentment_amount, 0)
            as tax_presentment_amount
    from listed
    full outer join adjusted
        on
            listed.sub_channel = adjusted.sub_channel
            and listed.order_id = adjusted.order_id
            and listed.refund_id = adjusted.refund_id

)

select * from final
