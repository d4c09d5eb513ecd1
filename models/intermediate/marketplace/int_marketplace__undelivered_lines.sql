with

order_lines as (

    select * from {{ ref('int_marketplace__order_lines') }}

),

return_lines as (

    select * from {{ ref('int_marketplace__return_lines_classified') }}
    where has_refund and excluded_reason is null

),

-- The order's own status says that the goods never arrived. The amount given back is not reported.
undelivered_lines as (

    select
        order_lines.record_type,
        order_lines.channel,
        order_lines.sub_channel,
        'order_status' as layout,
        order_lines.source_batch,
        order_lines.version_number,
        order_lines.row_number,
        'item' as component,
        order_lines.order_id as refund_id,
        order_lines.order_id,
        order_lines.order_line_id,
        order_lines.sku,
        order_lines.product_id,
        order_lines.buyer_id,
        order_lines.buyer_email,
        order_lines.buyer_phone,
        'undelivered' as refund_kind,
        order_lines.units_ordered as units_refunded,
        cast(null as decimal(18, 4)) as refund_amount,
        order_lines.currency,
        order_lines.ordered_at as refunded_at,
        'ordered' as refunded_at_basis,
        cast(null as varchar) as raw_reason
    from order_lines
    left join return_lines
        on
            order_lines.channel = return_lines.channel
            and order_lines.sub_channel = return_lines.sub_channel
            and order_lines.order_id = return_lines.order_id
            and coalesce(return_lines.order_line_id, order_lines.order_line_id, '')
            = coalesce(order_lines.order_line_id, return_lines.order_line_id, '')
            and coalesce(return_lines.sku, order_lines.sku, '') = coalesce(order_lines.sku, '')
    where
        order_lines.line_state = 'undelivered'
        and order_lines.units_ordered > 0
        -- A returns report that speaks of the line knows more than its status does.
        and return_lines.order_id is null

)

select * from undelivered_lines
