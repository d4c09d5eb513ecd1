with

order_lines as (

    select * from {{ ref('int_shopify__order_lines_classified') }}
    where excluded_reason is null

),

keyed as (

    select
        *,
        'order_lines' as record_type,
        'order_lines ' || created_month as source_batch,
        1 as version_number,
        line_number as row_number,
        concat_ws(':', channel, sub_channel, order_id) as order_key,
        {{ product_key('sku', 'product_id') }} as product_key,
        {{ user_key('channel', 'sub_channel', 'buyer_id', 'buyer_email', 'buyer_phone') }}
            as user_key,
        order_line_id as line_ref,
        -- A line has a number of its own, so no two lines of an order share a name.
        1 as line_ordinal,
        concat_ws(':', channel, sub_channel, order_id, order_line_id, 1) as order_item_key
    from order_lines

),

final as (

    select
        record_type,
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
        units_ordered,
        units_cancelled,
        ordered_amount,
        discount_amount,
        currency,
        ordered_at,
        delivered_at,
        cancelled_at,
        order_key,
        product_key,
        user_key,
        line_ref,
        line_ordinal,
        order_item_key
    from keyed

)

select * from final
