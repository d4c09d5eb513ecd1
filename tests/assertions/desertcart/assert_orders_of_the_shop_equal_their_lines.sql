-- Warns of orders whose item money or discount is not that of their lines. Sales go by the lines:
-- a discount that only the order knows is missing there, so let the SQL spread it over the lines.
{{ config(severity='warn') }}

with

orders as (

    select * from {{ ref('stg_desertcart__orders') }}

),

line_totals as (

    select
        order_id,
        sum(ordered_amount) as items_amount,
        sum(discount_amount) as discount_amount
    from {{ ref('int_desertcart__order_items_classified') }}
    group by order_id

)

select
    orders.order_id,
    orders.items_amount,
    line_totals.items_amount as items_amount_of_lines,
    orders.discount_amount,
    line_totals.discount_amount as discount_amount_of_lines
from orders
inner join line_totals
    on orders.order_id = line_totals.order_id
where
    orders.items_amount != line_totals.items_amount
    or orders.discount_amount != line_totals.discount_amount
