{{ config(materialized='table') }}

with

return_lines as (

    select * from {{ ref('int_shopify__return_lines_stated') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

line_classes as (

    select * from {{ ref('int_shopify__line_classes') }}

),

read_lines as (

    select
        return_lines.*,
        orders.order_state,
        orders.created_month,
        orders.currency,
        orders.excluded_reason as order_excluded_reason,
        line_classes.line_class,
        line_classes.sku,
        line_classes.product_id,
        -- A return of what an exchange sent is a return of the line that was sold.
        coalesce(
            line_classes.replaced_order_line_id, return_lines.order_line_id
        ) as sold_order_line_id
    from return_lines
    inner join orders
        on
            return_lines.sub_channel = orders.sub_channel
            and return_lines.order_id = orders.order_id
    left join line_classes
        on
            return_lines.sub_channel = line_classes.sub_channel
            and return_lines.order_id = line_classes.order_id
            and return_lines.order_line_id = line_classes.order_line_id

),

final as (

    select
        ---------- keys
        sub_channel,
        order_id,
        return_id,
        return_line_id,
        order_line_id,
        sold_order_line_id,
        sku,
        product_id,

        ---------- attributes
        created_month,
        line_class,
        return_state,
        order_state,
        raw_reason,
        layout,
        currency,
        case
            when order_excluded_reason is not null then order_excluded_reason
            when requested_at > {{ as_of() }} then 'after_as_of'
            when line_class = 'gift_card' then 'gift_card_line'
            when line_class not in ('product', 'exchange') then 'non_product_line'
        end as excluded_reason,

        ---------- amounts
        quantity as units_returned,
        -- Older API versions do not say how many were processed: a closed return was, whole.
        case
            when return_state in ('requested', 'declined', 'cancelled') then 0
            else coalesce(
                processed_quantity,
                case when return_state = 'completed' then quantity end,
                0
            )
        end as units_processed,

        ---------- flags
        return_state not in ('declined', 'cancelled') as is_standing,

        ---------- times
        requested_at,
        coalesce(closed_at, requested_at) as done_at,
        closed_at

    from read_lines

)

select * from final
