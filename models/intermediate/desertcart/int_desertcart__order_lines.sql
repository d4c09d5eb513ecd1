with

order_items as (

    select * from {{ ref('int_desertcart__order_items_classified') }}
    where excluded_reason is null

),

conformed as (

    select
        'order_items' as record_type,
        'desertcart' as channel,
        'desertcart' as sub_channel,
        'order_items ' || order_month as source_batch,
        cast(1 as bigint) as version_number,
        row_number() over (partition by order_id order by order_item_id asc) as row_number,
        order_id,
        order_name,
        order_item_id as order_line_id,
        sku,
        product_id,
        product_name,
        category,
        brand,
        customer_id as buyer_id,
        full_name as buyer_name,
        email as buyer_email,
        phone as buyer_phone,
        line_state,
        cast(units_ordered as integer) as units_ordered,
        cast(units_cancelled as integer) as units_cancelled,
        cast(ordered_amount as decimal(18, 4)) as ordered_amount,
        cast(discount_amount as decimal(18, 4)) as discount_amount,
        currency,
        ordered_at,
        delivered_at,
        cancelled_at
    from order_items

),

keyed as (

    select
        *,
        concat_ws(':', channel, sub_channel, order_id) as order_key,
        {{ product_key('sku', 'product_id') }} as product_key,
        {{ user_key('channel', 'sub_channel', 'buyer_id', 'buyer_email', 'buyer_phone') }}
            as user_key,
        order_line_id as line_ref,
        cast(1 as bigint) as line_ordinal
    from conformed

),

final as (

    select
        *,
        concat_ws(':', order_key, line_ref, line_ordinal) as order_item_key
    from keyed

)

select * from final
