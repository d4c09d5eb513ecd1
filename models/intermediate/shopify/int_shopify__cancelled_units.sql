-- Units that were never shipped: of an order that was called off, paid back before they left, or
-- taken off it by an edit, which is what is missing from the current quantity and neither a refund
-- nor a return explains.
with

order_lines as (

    select * from {{ ref('stg_shopify__order_lines') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

-- Unshipped units stay unsold even when the payment back has failed so far.
refunded_units as (

    select
        sub_channel,
        order_id,
        order_line_id,
        sum(case when refund_kind = 'cancellation' then units_refunded else 0 end)
            as units_cancelled,
        sum(
            case
                when refund_kind = 'cancellation' and refunded_at <= {{ as_of() }}
                    then units_refunded
                else 0
            end
        ) as units_cancelled_so_far,
        sum(case when refund_kind = 'cancellation' then 0 else units_refunded end) as units_refunded
    from {{ ref('int_shopify__refund_lines_classified') }}
    group by sub_channel, order_id, order_line_id

),

returned_order_lines as (

    select * from {{ ref('int_shopify__returned_order_lines') }}
    where return_id is null

),

explained as (

    select
        order_lines.sub_channel,
        order_lines.order_id,
        order_lines.order_line_id,
        order_lines.quantity,
        orders.order_state,
        coalesce(refunded_units.units_cancelled_so_far, 0) as units_cancelled_so_far,
        order_lines.quantity
        - coalesce(order_lines.current_quantity, order_lines.quantity)
        - coalesce(refunded_units.units_cancelled, 0)
        - greatest(
            coalesce(refunded_units.units_refunded, 0),
            coalesce(returned_order_lines.units_processed, 0)
        ) as units_unexplained
    from order_lines
    inner join orders
        on
            order_lines.sub_channel = orders.sub_channel
            and order_lines.order_id = orders.order_id
    left join refunded_units
        on
            order_lines.sub_channel = refunded_units.sub_channel
            and order_lines.order_id = refunded_units.order_id
            and order_lines.order_line_id = refunded_units.order_line_id
    left join returned_order_lines
        on
            order_lines.sub_channel = returned_order_lines.sub_channel
            and order_lines.order_id = returned_order_lines.order_id
            and order_lines.order_line_id = returned_order_lines.order_line_id

),

final as (

    select
        sub_channel,
        order_id,
        order_line_id,
        cast(
            case
                when order_state = 'cancelled' then quantity
                else least(quantity, greatest(units_unexplained, 0) + units_cancelled_so_far)
            end as integer
        ) as units_cancelled
    from explained

)

select * from final
