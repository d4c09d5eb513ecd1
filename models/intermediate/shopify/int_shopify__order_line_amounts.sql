-- Item money of whole lines before discounts, and all discounts on it, in both currencies. Never a
-- unit price times a unit price, never a line times its quantity.
with

order_lines as (

    select * from {{ ref('stg_shopify__order_lines') }}

),

ordered as (

    select
        *,
        coalesce(
            line_shop_amount, cast(quantity * unit_price_shop_amount as decimal(18, 4))
        ) as ordered_amount,
        coalesce(
            line_presentment_amount,
            cast(quantity * unit_price_presentment_amount as decimal(18, 4))
        ) as ordered_presentment_amount
    from order_lines

),

final as (

    select
        sub_channel,
        order_id,
        order_line_id,
        quantity,
        ordered_amount,
        ordered_presentment_amount,
        -- Allocations hold the order's own discounts too, and are given for all units ordered.
        coalesce(
            discount_shop_amount,
            cast(ordered_amount - discounted_unit_shop_amount * quantity as decimal(18, 4)),
            0
        ) as discount_amount,
        coalesce(
            discount_presentment_amount,
            cast(
                ordered_presentment_amount - discounted_unit_presentment_amount * quantity
                as decimal(18, 4)
            ),
            0
        ) as discount_presentment_amount
    from ordered

)

select * from final
