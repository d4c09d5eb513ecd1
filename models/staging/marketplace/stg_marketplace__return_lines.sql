with

source as (

    select * from {{ source('marketplace', 'return_lines') }}

),

renamed as (

    select
        ---------- keys
        _file_sha256 as file_sha256,
        _row_number as row_number,
        return_id,
        return_line_id,
        order_id,
        order_line_id,
        upper(sku) as sku,
        product_id,
        buyer_id,

        ---------- attributes
        lower(sub_channel) as sub_channel,
        layout,
        implies_refund,
        product_name,
        return_status,
        return_type,
        resolution,
        keeps_item,
        reason,
        reason_note,
        buyer_name,
        lower(buyer_email) as buyer_email,
        buyer_phone,

        ---------- amounts
        {{ safe_cast('quantity', 'integer') }} as quantity,
        {{ safe_cast('refunded_quantity', 'integer') }} as refunded_quantity,
        {{ safe_cast('refund_amount', 'decimal(18, 4)') }} as refund_amount,
        {{ safe_cast('unit_refund_amount', 'decimal(18, 4)') }} as unit_refund_amount,
        {{ safe_cast('shipping_refund_amount', 'decimal(18, 4)') }} as shipping_refund_amount,
        upper(currency) as currency,

        ---------- times as written; the zone is applied where the sub-channel is known
        requested_at as requested_at_text,
        received_at as received_at_text,
        refunded_at as refunded_at_text,
        _extracted_at as extracted_at

    from source

)

select * from renamed
