with

return_parts as (

    select * from {{ ref('int_shopify__return_parts') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

line_classes as (

    select * from {{ ref('int_shopify__line_classes') }}

),

final as (

    select
        return_parts.record_type,
        orders.channel,
        return_parts.sub_channel,
        return_parts.layout,
        return_parts.record_type || ' ' || return_parts.created_month as source_batch,
        1 as version_number,
        cast(
            row_number() over (
                partition by
                    return_parts.sub_channel, return_parts.order_id, return_parts.return_id
                order by return_parts.record_type asc, return_parts.return_line_id asc
            ) as integer
        ) as row_number,
        return_parts.return_id,
        return_parts.order_id,
        return_parts.order_line_id,
        line_classes.sku,
        line_classes.product_id,
        orders.buyer_id,
        orders.buyer_email,
        orders.buyer_phone,
        return_parts.return_state,
        return_parts.refund_kind,
        return_parts.units_returned,
        return_parts.raw_reason,
        return_parts.requested_at,
        return_parts.received_at,
        return_parts.refunded_at
    from return_parts
    inner join orders
        on
            return_parts.sub_channel = orders.sub_channel
            and return_parts.order_id = orders.order_id
    left join line_classes
        on
            return_parts.sub_channel = line_classes.sub_channel
            and return_parts.order_id = line_classes.order_id
            and return_parts.order_line_id = line_classes.order_line_id

)

select * from final
