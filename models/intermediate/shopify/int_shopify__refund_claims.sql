-- What each refund claims to give back, part by part, before anything is said of what was paid.
with

refund_lines as (

    select * from {{ ref('int_shopify__refund_lines_classified') }}

),

refunds as (

    select * from {{ ref('int_shopify__paid_refunds') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

shipping as (

    select * from {{ ref('int_shopify__refund_shipping') }}

),

item_claims as (

    select
        sub_channel,
        order_id,
        refund_id,
        refund_line_id,
        case
            when line_class in ('product', 'exchange', 'gift_card') then 'item'
            else 'adjustment'
        end as component,
        refund_kind,
        excluded_reason,
        item_amount as claimed_amount,
        item_presentment_amount as claimed_presentment_amount
    from refund_lines

),

line_tax_claims as (

    select
        sub_channel,
        order_id,
        refund_id,
        refund_line_id,
        'tax' as component,
        case when refund_kind = 'exchange' then 'exchange' else 'adjustment' end as refund_kind,
        excluded_reason,
        tax_amount as claimed_amount,
        tax_presentment_amount as claimed_presentment_amount
    from refund_lines
    where tax_amount > 0

),

shipping_claims as (

    select
        shipping.sub_channel,
        shipping.order_id,
        shipping.refund_id,
        'shipping' as refund_line_id,
        unnest(['shipping', 'tax']) as component,
        'adjustment' as refund_kind,
        case
            when orders.excluded_reason is not null then orders.excluded_reason
            when refunds.refunded_at > {{ as_of() }} then 'after_as_of'
            when refunds.payment_state in ('failed', 'pending')
                then 'refund_' || refunds.payment_state
        end as excluded_reason,
        unnest([
            greatest(shipping.shipping_amount, 0),
            case when orders.taxes_included then 0 else greatest(shipping.tax_amount, 0) end
        ]) as claimed_amount,
        unnest([
            greatest(shipping.shipping_presentment_amount, 0),
            case
                when orders.taxes_included then 0
                else greatest(shipping.tax_presentment_amount, 0)
            end
        ]) as claimed_presentment_amount
    from shipping
    inner join refunds
        on
            shipping.sub_channel = refunds.sub_channel
            and shipping.order_id = refunds.order_id
            and shipping.refund_id = refunds.refund_id
    inner join orders
        on
            shipping.sub_channel = orders.sub_channel
            and shipping.order_id = orders.order_id

),

final as (

    select * from item_claims
    union all
    select * from line_tax_claims
    union all
    select * from shipping_claims
    where claimed_amount > 0

)

select * from final
