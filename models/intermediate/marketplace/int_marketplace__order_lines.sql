with

order_lines as (

    select * from {{ ref('int_marketplace__order_lines_classified') }}
    where excluded_reason is null

),

ledger_sales as (

    select * from {{ ref('int_marketplace__ledger_lines_classified') }}
    where record_kind = 'sale' and excluded_reason is null

),

unioned as (

    select
        'order_lines' as record_type,
        channel,
        sub_channel,
        source_batch,
        version_number,
        row_number,
        order_id,
        order_name,
        order_line_id,
        sku,
        product_id,
        product_name,
        category,
        brand,
        buyer_id,
        buyer_name,
        buyer_email,
        buyer_phone,
        line_state,
        quantity as units_ordered,
        case when line_state = 'cancelled' then quantity else 0 end as units_cancelled,
        coalesce(line_amount, cast(quantity * unit_price as decimal(18, 4))) as ordered_amount,
        coalesce(discount_amount, 0) as discount_amount,
        order_currency as currency,
        ordered_at,
        delivered_at,
        cancelled_at
    from order_lines

    union all

    select
        'ledger_lines' as record_type,
        channel,
        sub_channel,
        source_batch,
        version_number,
        row_number,
        document_id as order_id,
        cast(null as varchar) as order_name,
        cast(null as varchar) as order_line_id,
        sku,
        cast(null as varchar) as product_id,
        product_name,
        category,
        cast(null as varchar) as brand,
        buyer_id,
        buyer_name,
        buyer_email,
        buyer_phone,
        'sold' as line_state,
        quantity as units_ordered,
        0 as units_cancelled,
        entry_amount as ordered_amount,
        0 as discount_amount,
        ledger_currency as currency,
        occurred_at as ordered_at,
        cast(null as timestamp) as delivered_at,
        cast(null as timestamp) as cancelled_at
    from ledger_sales

),

keyed as (

    select
        *,
        concat_ws(':', channel, sub_channel, order_id) as order_key,
        {{ product_key('sku', 'product_id') }} as product_key,
        {{ user_key('channel', 'sub_channel', 'buyer_id', 'buyer_email', 'buyer_phone') }}
            as user_key,
        coalesce(order_line_id, sku, product_id, 'line') as line_ref
    from unioned

),

final as (

    select
        *,
        -- Equal lines of one order are told apart by their place in the file: they are two lines.
        row_number() over (
            partition by order_key, line_ref
            order by version_number asc, row_number asc
        ) as line_ordinal,
        concat_ws(
            ':', order_key, line_ref,
            row_number() over (
                partition by order_key, line_ref
                order by version_number asc, row_number asc
            )
        ) as order_item_key
    from keyed

)

select * from final
