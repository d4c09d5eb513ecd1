{{ config(materialized='table') }}

with

refund_parts as (

    select * from {{ ref('int_shopify__refund_parts') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

line_classes as (

    select * from {{ ref('int_shopify__line_classes') }}

),

ordered_parts as (

    select
        refund_parts.*,
        orders.channel,
        refund_parts.record_type || ' ' || orders.created_month as source_batch,
        1 as version_number,
        cast(
            row_number() over (
                partition by
                    refund_parts.sub_channel, refund_parts.order_id, refund_parts.refund_id
                order by refund_parts.component asc, refund_parts.refund_line_id asc
            ) as integer
        ) as row_number,
        line_classes.sku,
        line_classes.product_id,
        orders.buyer_id,
        orders.buyer_email,
        orders.buyer_phone,
        orders.currency
    from refund_parts
    inner join orders
        on
            refund_parts.sub_channel = orders.sub_channel
            and refund_parts.order_id = orders.order_id
    left join line_classes
        on
            refund_parts.sub_channel = line_classes.sub_channel
            and refund_parts.order_id = line_classes.order_id
            and refund_parts.order_line_id = line_classes.order_line_id

),

final as (

    select
        record_type,
        channel,
        sub_channel,
        layout,
        source_batch,
        version_number,
        row_number,
        component,
        refund_id,
        order_id,
        order_line_id,
        sku,
        product_id,
        buyer_id,
        buyer_email,
        buyer_phone,
        refund_kind,
        units_refunded,
        refund_amount,
        currency,
        refunded_at,
        refunded_at_basis,
        raw_reason,
        concat_ws(':', channel, sub_channel, order_id) as reported_order_key,
        {{ product_key('sku', 'product_id') }} as product_key,
        {{ user_key('channel', 'sub_channel', 'buyer_id', 'buyer_email', 'buyer_phone') }}
            as user_key,
        -- A refund and a return may bear the same number.
        concat_ws(
            ':', channel, sub_channel, record_type, refund_id, component, refund_line_id
        ) as refund_line_key
    from ordered_parts

)

select * from final
