with

source as (

    select * from {{ source('marketplace', 'order_lines') }}

),

renamed as (

    select
        ---------- keys
        _file_sha256 as file_sha256,
        _row_number as row_number,
        order_id,
        order_line_id,
        upper(sku) as sku,
        product_id,
        buyer_id,

        ---------- attributes
        lower(sub_channel) as sub_channel,
        layout,
        row_unit,
        order_name,
        order_status,
        item_status,
        fulfilment_channel,
        product_name,
        category,
        brand,
        ship_country,
        buyer_name,
        lower(buyer_email) as buyer_email,
        buyer_phone,

        ---------- amounts
        case
            when row_unit = 'unit' then coalesce({{ safe_cast('quantity', 'integer') }}, 1)
            else {{ safe_cast('quantity', 'integer') }}
        end as quantity,
        {{ safe_cast('unit_price', 'decimal(18, 4)') }} as unit_price,
        {{ safe_cast('line_amount', 'decimal(18, 4)') }} as line_amount,
        {{ safe_cast('discount_amount', 'decimal(18, 4)') }} as discount_amount,
        upper(currency) as currency,

        ---------- times as written; the zone is applied where the sub-channel is known
        ordered_at as ordered_at_text,
        updated_at as updated_at_text,
        shipped_at as shipped_at_text,
        delivered_at as delivered_at_text,
        cancelled_at as cancelled_at_text,
        _extracted_at as extracted_at

    from source

)

select * from renamed
