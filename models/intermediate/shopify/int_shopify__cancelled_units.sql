-- Units that were never shipped: of an order that was called off, taken off it by an edit, or paid
-- back before they left.
with

order_lines as (

    select * from {{ ref('stg_shopify__order_lines') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

removed_units as (

    select * from {{ ref('int_shopify__removed_units') }}

),

refund_lines as (

    select * from {{ ref('int_shopify__refund_lines_classified') }}

),

-- Unshipped units stay unsold even when the payment back has failed so far.
cancelled_refunds as (

    select
        sub_channel,
        order_id,
        order_line_id,
        sum(units_refunded) as units
    from refund_lines
    where refund_kind = 'cancellation' and refunded_at <= {{ as_of() }}
    group by sub_channel, order_id, order_line_id

),

final as (

    select
        order_lines.sub_channel,
        order_lines.order_id,
        order_lines.order_line_id,
        cast(
            case
                when orders.order_state = 'cancelled' then order_lines.quantity
                else least(
                    order_lines.quantity,
                    removed_units.units_removed + coalesce(cancelled_refunds.units, 0)
                )
            end as integer
        ) as units_cancelled
    from order_lines
    inner join orders
        on
            order_lines.sub_channel = orders.sub_channel
            and order_lines.order_id = orders.order_id
    inner join removed_units
        on
            order_lines.sub_channel = removed_units.sub_channel
            and order_lines.order_id = removed_units.order_id
            and order_lines.order_line_id = removed_units.order_line_id
    left join cancelled_refunds
        on
            order_lines.sub_channel = cancelled_refunds.sub_channel
            and order_lines.order_id = cancelled_refunds.order_id
            and order_lines.order_line_id = cancelled_refunds.order_line_id

)

select * from final
