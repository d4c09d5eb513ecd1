with

return_lines as (

    select * from {{ ref('int_marketplace__return_lines_classified') }}
    where excluded_reason is null

),

final as (

    select
        'return_lines' as record_type,
        channel,
        sub_channel,
        layout,
        source_batch,
        version_number,
        row_number,
        return_id,
        order_id,
        order_line_id,
        sku,
        product_id,
        buyer_id,
        buyer_email,
        buyer_phone,
        return_state,
        refund_kind,
        units_returned,
        reason as raw_reason,
        reason_note,
        requested_at,
        received_at,
        refunded_at
    from return_lines

)

select * from final
