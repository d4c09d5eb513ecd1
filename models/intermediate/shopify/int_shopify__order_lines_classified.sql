{{ config(materialized='table') }}

with

order_lines as (

    select * from {{ ref('stg_shopify__order_lines') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

line_classes as (

    select * from {{ ref('int_shopify__line_classes') }}

),

line_amounts as (

    select * from {{ ref('int_shopify__order_line_amounts') }}

),

cancelled_units as (

    select * from {{ ref('int_shopify__cancelled_units') }}

),

final as (

    select
        ---------- keys
        order_lines.sub_channel,
        order_lines.order_id,
        order_lines.order_line_id,
        order_lines.sku,
        line_classes.product_id,
        orders.buyer_id,

        ---------- attributes
        orders.channel,
        orders.order_name,
        orders.created_month,
        order_lines.line_number,
        concat_ws(
            ' - ',
            order_lines.title,
            case
                when order_lines.variant_title != 'Default Title' then order_lines.variant_title
            end
        ) as product_name,
        order_lines.product_type as category,
        order_lines.vendor as brand,
        orders.buyer_name,
        orders.buyer_email,
        orders.buyer_phone,
        line_classes.line_class,
        case
            when orders.order_state = 'cancelled' then 'cancelled'
            when
                order_lines.quantity > 0 and cancelled_units.units_cancelled = order_lines.quantity
                then 'cancelled'
            else orders.order_state
        end as line_state,
        case
            when orders.excluded_reason is not null then orders.excluded_reason
            when line_classes.line_class = 'gift_card' then 'gift_card_line'
            -- What an exchange sends stands in for what was sold; it is no new sale.
            when line_classes.line_class = 'exchange' then 'exchange_line'
            when line_classes.line_class != 'product' then 'non_product_line'
        end as excluded_reason,
        orders.currency,
        order_lines.presentment_currency,

        ---------- amounts
        order_lines.quantity as units_ordered,
        cancelled_units.units_cancelled,
        line_amounts.ordered_amount,
        line_amounts.discount_amount,
        line_amounts.ordered_presentment_amount,
        line_amounts.discount_presentment_amount,

        ---------- times
        orders.ordered_at,
        orders.delivered_at,
        orders.cancelled_at

    from order_lines
    inner join orders
        on
            order_lines.sub_channel = orders.sub_channel
            and order_lines.order_id = orders.order_id
    inner join line_classes
        on
            order_lines.sub_channel = line_classes.sub_channel
            and order_lines.order_id = line_classes.order_id
            and order_lines.order_line_id = line_classes.order_line_id
    inner join line_amounts
        on
            order_lines.sub_channel = line_amounts.sub_channel
            and order_lines.order_id = line_amounts.order_id
            and order_lines.order_line_id = line_amounts.order_line_id
    inner join cancelled_units
        on
            order_lines.sub_channel = cancelled_units.sub_channel
            and order_lines.order_id = cancelled_units.order_id
            and order_lines.order_line_id = cancelled_units.order_line_id

)

select * from final
