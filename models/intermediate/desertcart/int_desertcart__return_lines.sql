with

refund_items as (

    select * from {{ ref('int_desertcart__refund_items_classified') }}
    where excluded_reason is null

),

-- Goods that were asked for without naming a line.
refunds_without_lines as (

    select * from {{ ref('int_desertcart__refunds_classified') }}
    where excluded_reason is null and item_rows = 0 and refund_kind != 'adjustment'

),

order_items as (

    select * from {{ ref('int_desertcart__order_items_classified') }}
    where excluded_reason is null

),

customers as (

    select * from {{ ref('stg_desertcart__customers') }}

),

unioned as (

    select
        'refund_items' as record_type,
        refund_id,
        refund_item_id as line_id,
        order_id,
        order_month,
        order_item_id,
        sku,
        product_id,
        customer_id,
        return_state,
        refund_kind,
        quantity as units_returned,
        raw_reason,
        requested_at,
        received_at,
        refunded_at
    from refund_items

    union all

    select
        'refunds' as record_type,
        refunds_without_lines.refund_id,
        order_items.order_item_id as line_id,
        refunds_without_lines.order_id,
        refunds_without_lines.order_month,
        order_items.order_item_id,
        order_items.sku,
        order_items.product_id,
        refunds_without_lines.customer_id,
        refunds_without_lines.return_state,
        refunds_without_lines.refund_kind,
        case
            when refunds_without_lines.refund_kind = 'cancellation'
                then order_items.units_cancelled
            else order_items.units_ordered - order_items.units_cancelled
        end as units_returned,
        refunds_without_lines.reason as raw_reason,
        refunds_without_lines.requested_at,
        refunds_without_lines.received_at,
        refunds_without_lines.refunded_at
    from refunds_without_lines
    left join order_items
        on
            refunds_without_lines.is_whole_order
            and refunds_without_lines.order_id = order_items.order_id

),

final as (

    select
        unioned.record_type,
        'desertcart' as channel,
        'desertcart' as sub_channel,
        'desertcart_returns' as layout,
        unioned.record_type || ' ' || unioned.order_month as source_batch,
        cast(1 as bigint) as version_number,
        row_number() over (
            partition by unioned.refund_id
            order by unioned.line_id asc
        ) as row_number,
        unioned.refund_id as return_id,
        unioned.order_id,
        unioned.order_item_id as order_line_id,
        unioned.sku,
        unioned.product_id,
        unioned.customer_id as buyer_id,
        customers.email as buyer_email,
        customers.phone as buyer_phone,
        unioned.return_state,
        unioned.refund_kind,
        cast(unioned.units_returned as integer) as units_returned,
        unioned.raw_reason,
        unioned.requested_at,
        unioned.received_at,
        unioned.refunded_at
    from unioned
    left join customers
        on unioned.customer_id = customers.customer_id

)

select * from final
