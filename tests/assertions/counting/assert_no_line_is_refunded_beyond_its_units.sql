-- Over all refund kinds but cancellation, no line gives back more units than it sold. Taken from
-- the refunds themselves, not from the sums that order_items shows.
with

line_refunds as (

    select
        order_item_key,
        sum(units_refunded) as units_refunded
    from {{ ref('refund_items') }}
    where order_item_key is not null and refund_kind != 'cancellation'
    group by order_item_key

)

select
    order_items.order_item_key,
    order_items.units_sold,
    line_refunds.units_refunded
from line_refunds
inner join {{ ref('order_items') }} as order_items
    on line_refunds.order_item_key = order_items.order_item_key
where line_refunds.units_refunded > order_items.units_sold
