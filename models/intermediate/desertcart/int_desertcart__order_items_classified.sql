{{ config(materialized='table') }}

with

joined as (

    select * from {{ ref('int_desertcart__order_items_joined') }}

),

-- The shop's own word goes before the one for any.
line_states as (

    select
        status_key,
        arg_min(line_state, sub_channel = 'any') as line_state
    from {{ ref('order_line_states') }}
    where sub_channel in ('desertcart', 'any')
    group by status_key

),

read_lines as (

    select
        joined.*,
        -- A cancelled order has no line left; else the line's own status goes first.
        case
            when order_states.line_state = 'cancelled' then 'cancelled'
            else coalesce(item_states.line_state, order_states.line_state, 'unknown')
        end as line_state
    from joined
    left join line_states as item_states
        on joined.item_status_key = item_states.status_key
    left join line_states as order_states
        on joined.order_status_key = order_states.status_key

),

counted as (

    select
        *,
        case
            when line_state = 'cancelled' then quantity
            else least(coalesce(cancelled_quantity, 0), quantity)
        end as units_cancelled,
        coalesce(discount_amount, 0) as line_discount_amount,
        -- What was paid and what was taken off, where the shop says so: its own sum.
        coalesce(line_amount + coalesce(discount_amount, 0), unit_amount * quantity)
            as ordered_amount
    from read_lines

),

final as (

    select
        ---------- keys
        order_item_id,
        order_id,
        product_id,
        line_sku as sku,
        customer_id,

        ---------- attributes
        order_month,
        order_name,
        line_product_name as product_name,
        category,
        brand,
        full_name,
        email,
        phone,
        item_status_key,
        order_status_key,
        line_state,
        case
            when not has_order then 'unknown_order'
            when is_test then 'test_order'
            when ordered_at > {{ as_of() }} then 'after_as_of'
            when is_gift_card then 'gift_card_line'
        end as excluded_reason,

        ---------- amounts
        quantity as units_ordered,
        units_cancelled,
        ordered_amount,
        line_discount_amount as discount_amount,
        -- Money of the units that were cancelled, and of those that were not.
        cast(
            round(
                (ordered_amount - line_discount_amount) * units_cancelled / nullif(quantity, 0)
            ) as bigint
        ) as cancelled_amount,
        ordered_amount - line_discount_amount - coalesce(
            cast(
                round(
                    (ordered_amount - line_discount_amount)
                    * units_cancelled / nullif(quantity, 0)
                ) as bigint
            ), 0
        ) as kept_amount,
        line_currency as currency,

        ---------- flags
        is_gift_card,

        ---------- times
        ordered_at,
        delivered_at,
        cancelled_at

    from counted

)

select * from final
