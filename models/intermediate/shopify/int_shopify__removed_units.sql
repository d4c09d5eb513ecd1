-- Units that an edit took off a line before they were shipped: what is missing from the current
-- quantity and neither a refund nor a return explains.
with

order_lines as (

    select * from {{ ref('stg_shopify__order_lines') }}

),

refund_lines as (

    select * from {{ ref('stg_shopify__refund_lines') }}

),

returned_order_lines as (

    select * from {{ ref('int_shopify__returned_order_lines') }}
    where return_id is null

),

refunded as (

    select
        sub_channel,
        order_id,
        order_line_id,
        sum(quantity) as units
    from refund_lines
    group by sub_channel, order_id, order_line_id

),

final as (

    select
        order_lines.sub_channel,
        order_lines.order_id,
        order_lines.order_line_id,
        greatest(
            order_lines.quantity
            - coalesce(order_lines.current_quantity, order_lines.quantity)
            - greatest(
                coalesce(refunded.units, 0),
                coalesce(returned_order_lines.units_processed, 0)
            ),
            0
        ) as units_removed
    from order_lines
    left join refunded
        on
            order_lines.sub_channel = refunded.sub_channel
            and order_lines.order_id = refunded.order_id
            and order_lines.order_line_id = refunded.order_line_id
    left join returned_order_lines
        on
            order_lines.sub_channel = returned_order_lines.sub_channel
            and order_lines.order_id = returned_order_lines.order_id
            and order_lines.order_line_id = returned_order_lines.order_line_id

)

select * from final
