-- Item money and tax that lines of refunds claim back. Where prices include tax, the item money
-- holds it, as that of the sale does. Whether the subtotal holds it too is nowhere said for sure:
-- the reading that is nearer to what the units were sold for is taken.
with

refund_lines as (

    select * from {{ ref('stg_shopify__refund_lines') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

line_amounts as (

    select
        *,
        (ordered_amount - discount_amount) / nullif(quantity, 0) as unit_amount
    from {{ ref('int_shopify__order_line_amounts') }}

),

compared as (

    select
        refund_lines.sub_channel,
        refund_lines.order_id,
        refund_lines.refund_line_id,
        orders.taxes_included,
        greatest(coalesce(refund_lines.subtotal_shop_amount, 0), 0) as subtotal_amount,
        greatest(coalesce(refund_lines.subtotal_presentment_amount, 0), 0)
            as subtotal_presentment_amount,
        greatest(coalesce(refund_lines.tax_shop_amount, 0), 0) as tax_amount,
        greatest(coalesce(refund_lines.tax_presentment_amount, 0), 0) as tax_presentment_amount,
        line_amounts.unit_amount * refund_lines.quantity as sold_amount
    from refund_lines
    inner join orders
        on
            refund_lines.sub_channel = orders.sub_channel
            and refund_lines.order_id = orders.order_id
    left join line_amounts
        on
            refund_lines.sub_channel = line_amounts.sub_channel
            and refund_lines.order_id = line_amounts.order_id
            and refund_lines.order_line_id = line_amounts.order_line_id

),

parted as (

    select
        *,
        case
            when not taxes_included then false
            else coalesce(
                abs(subtotal_amount + tax_amount - sold_amount)
                < abs(subtotal_amount - sold_amount),
                false
            )
        end as is_tax_to_be_added
    from compared

),

final as (

    select
        sub_channel,
        order_id,
        refund_line_id,
        subtotal_amount,
        subtotal_amount + case when is_tax_to_be_added then tax_amount else 0 end as item_amount,
        subtotal_presentment_amount
        + case when is_tax_to_be_added then tax_presentment_amount else 0 end
            as item_presentment_amount,
        case when taxes_included then 0 else tax_amount end as tax_amount,
        case when taxes_included then 0 else tax_presentment_amount end as tax_presentment_amount
    from parted

)

select * from final
