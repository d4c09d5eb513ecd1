-- Lines net of discounts, shipping and tax charged apart are the order's own total. Warns, since a
-- total may hold more (duties, fees); once a shop is known to have none, make it an error. Edited
-- orders are not compared: their totals follow the edit, their lines keep what was removed.
{{ config(severity='warn') }}

with

orders as (

    select * from {{ ref('stg_shopify__orders') }}
    where is_edited is not true

),

line_totals as (

    select
        sub_channel,
        order_id,
        sum(ordered_amount - discount_amount) as net_amount
    from {{ ref('int_shopify__order_lines_classified') }}
    group by sub_channel, order_id

)

select
    orders.sub_channel,
    orders.order_id,
    orders.total_shop_amount,
    line_totals.net_amount
from orders
left join line_totals
    on
        orders.sub_channel = line_totals.sub_channel
        and orders.order_id = line_totals.order_id
where
    orders.total_shop_amount != coalesce(line_totals.net_amount, 0)
    + coalesce(orders.total_shipping_shop_amount, 0)
    + case when orders.taxes_included then 0 else coalesce(orders.total_tax_shop_amount, 0) end
