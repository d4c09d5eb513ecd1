{{ config(materialized='table') }}

with

refund_lines as (

    select * from {{ ref('int_shopify__refund_lines_ruled') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

line_amounts as (

    select * from {{ ref('int_shopify__refund_line_amounts') }}

),

line_classes as (

    select * from {{ ref('int_shopify__line_classes') }}

),

-- Why the order was called off says more than a note, unless it says nothing.
cancellations as (

    select
        sub_channel,
        order_id,
        cancel_reason as reason,
        cancel_reason != 'OTHER' as is_telling
    from orders

),

final as (

    select
        ---------- keys
        refund_lines.sub_channel,
        refund_lines.order_id,
        refund_lines.refund_id,
        refund_lines.refund_line_id,
        refund_lines.return_id,
        refund_lines.order_line_id,
        coalesce(line_classes.replaced_order_line_id, refund_lines.order_line_id)
            as sold_order_line_id,

        ---------- attributes
        orders.created_month,
        refund_lines.line_class,
        refund_lines.payment_state,
        refund_lines.refund_kind,
        case
            when refund_lines.return_reason is not null then refund_lines.return_reason
            when cancellations.is_telling then cancellations.reason
            else coalesce(refund_lines.note, cancellations.reason)
        end as raw_reason,
        case
            when refund_lines.return_reason is not null then refund_lines.return_layout
            when cancellations.is_telling then 'shopify_cancellations'
            when refund_lines.note is null and cancellations.reason is not null
                then 'shopify_cancellations'
            else 'any'
        end as layout,
        case
            when orders.excluded_reason is not null then orders.excluded_reason
            when refund_lines.refunded_at > {{ as_of() }} then 'after_as_of'
            when refund_lines.line_class = 'gift_card' then 'gift_card_line'
            when refund_lines.refund_kind = 'exchange' then null
            when refund_lines.payment_state = 'failed' then 'refund_failed'
            when refund_lines.payment_state = 'pending' then 'refund_pending'
            -- Goods put back in stock and nothing paid: a return, no refund.
            when
                refund_lines.refund_kind = 'return' and refund_lines.payment_state = 'nothing_due'
                then 'restock_only'
        end as excluded_reason,
        orders.currency,

        ---------- amounts
        refund_lines.quantity as units_refunded,
        line_amounts.subtotal_amount,
        line_amounts.item_amount,
        line_amounts.item_presentment_amount,
        line_amounts.tax_amount,
        line_amounts.tax_presentment_amount,

        ---------- times
        refund_lines.refunded_at

    from refund_lines
    inner join orders
        on
            refund_lines.sub_channel = orders.sub_channel
            and refund_lines.order_id = orders.order_id
    inner join line_amounts
        on
            refund_lines.sub_channel = line_amounts.sub_channel
            and refund_lines.order_id = line_amounts.order_id
            and refund_lines.refund_line_id = line_amounts.refund_line_id
    left join cancellations
        on
            refund_lines.refund_kind = 'cancellation'
            and refund_lines.sub_channel = cancellations.sub_channel
            and refund_lines.order_id = cancellations.order_id
    left join line_classes
        on
            refund_lines.sub_channel = line_classes.sub_channel
            and refund_lines.order_id = line_classes.order_id
            and refund_lines.order_line_id = line_classes.order_line_id

)

select * from final
