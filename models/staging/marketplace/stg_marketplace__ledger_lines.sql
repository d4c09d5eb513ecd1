with

source as (

    select * from {{ source('marketplace', 'ledger_lines') }}

),

renamed as (

    select
        ---------- keys
        _file_sha256 as file_sha256,
        _row_number as row_number,
        document_id,
        cancels_document_id,
        upper(sku) as sku,
        -- Spreadsheets make floats of whole numbers: the ledger says 17850.0 for buyer 17850.
        regexp_replace(buyer_id, '\.0$', '') as buyer_id,

        ---------- attributes
        lower(sub_channel) as sub_channel,
        layout,
        entry_kind,
        product_name,
        category,
        reason,
        ship_country,
        buyer_name,
        lower(buyer_email) as buyer_email,
        buyer_phone,

        ---------- amounts, signed as in the ledger
        {{ safe_cast('quantity', 'integer') }} as quantity,
        {{ safe_cast('unit_price', 'decimal(18, 4)') }} as unit_price,
        {{ safe_cast('line_amount', 'decimal(18, 4)') }} as line_amount,
        upper(currency) as currency,

        ---------- times as written; the zone is applied where the sub-channel is known
        occurred_at as occurred_at_text,
        _extracted_at as extracted_at

    from source

)

select * from renamed
