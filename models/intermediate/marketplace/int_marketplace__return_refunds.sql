with

return_lines as (

    select * from {{ ref('int_marketplace__return_lines_classified') }}
    where (has_refund or has_shipping_refund) and excluded_reason is null

),

returned_rows as (

    select
        'return_lines' as record_type,
        channel,
        sub_channel,
        layout,
        source_batch,
        version_number,
        row_number,
        'item' as component,
        coalesce(return_id, order_id) as refund_id,
        order_id,
        order_line_id,
        sku,
        product_id,
        buyer_id,
        buyer_email,
        buyer_phone,
        refund_kind,
        units_refunded,
        -- Another unit was sent: no money moved, which is known. Else an absent amount is unknown.
        case
            when refund_kind = 'exchange' then coalesce(item_refund_amount, 0)
            else item_refund_amount
        end as refund_amount,
        refund_currency as currency,
        dated_at as refunded_at,
        dated_by as refunded_at_basis,
        reason as raw_reason,
        reason_note,
        has_refund,
        has_shipping_refund,
        shipping_refund_amount
    from return_lines

),

returned_items as (

    select * exclude (has_refund, has_shipping_refund, shipping_refund_amount)
    from returned_rows
    where has_refund

),

-- Shipping may come back without the goods, and beside them it is a component of its own.
returned_shipping as (

    select
        * exclude (has_refund, has_shipping_refund, shipping_refund_amount) replace (
            'shipping' as component,
            'adjustment' as refund_kind,
            0 as units_refunded,
            shipping_refund_amount as refund_amount
        )
    from returned_rows
    where has_shipping_refund

),

unioned as (

    select * from returned_items
    union all
    select * from returned_shipping

)

select * from unioned
