-- Goods that the shop put back in stock without paying and without a return of their own.
with

refund_lines as (

    select * from {{ ref('int_shopify__refund_lines_classified') }}
    where excluded_reason = 'restock_only'

),

returned_order_lines as (

    select * from {{ ref('int_shopify__returned_order_lines') }}
    where return_id is null

),

final as (

    select
        refund_lines.sub_channel,
        refund_lines.order_id,
        refund_lines.refund_id,
        refund_lines.refund_line_id,
        refund_lines.sold_order_line_id,
        refund_lines.created_month,
        refund_lines.units_refunded as units_returned,
        refund_lines.raw_reason,
        refund_lines.layout,
        refund_lines.refunded_at as received_at
    from refund_lines
    left join returned_order_lines
        on
            refund_lines.sub_channel = returned_order_lines.sub_channel
            and refund_lines.order_id = returned_order_lines.order_id
            and refund_lines.order_line_id = returned_order_lines.order_line_id
    where returned_order_lines.order_line_id is null

)

select * from final
