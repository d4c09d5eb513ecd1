{# No table: to write orders by the million takes longer than to work them out twice. #}
with

orders as (

    select * from {{ ref('orders') }}

),

return_items as (

    select * from {{ ref('return_items') }}
    where
        is_customer_return
        and order_key is not null
        and (requested_at is null or requested_at <= {{ as_of() }})

),

user_orders as (

    select * from {{ ref('int_scores__user_orders') }}

),

-- What a customer kept the chance to send back. A return belongs to its order: of an order outside
-- the window it doesn't count, whenever it was asked for.
evaluated as (

    select * from orders
    where
        user_key is not null
        and not is_test
        and not is_cancelled
        and units_sold > 0
        -- What somebody has decided on is looked at no more until it comes back.
        and resolution_state is distinct from 'resolved'
        and ordered_at >= {{ as_of() }} - interval '{{ var("days_back") }} days'
        and ordered_at <= {{ as_of() }}
        and '{{ var("store") }}' in ('all', sub_channel)

),

-- Parcels of one order that come back apart are several returns and one order.
order_returns as (

    select
        return_items.order_key,
        count(distinct return_items.return_id) as returns_count,
        sum(return_items.units_returned) as units_returned,
        -- Asked back before it arrived, it was not used. Moments, so that no zone matters.
        sum(return_items.units_returned) filter (
            where
            return_items.requested_at >= orders.delivered_at
            and return_items.requested_at
            <= orders.delivered_at + interval '{{ var("wardrobing_window_days") }} days'
        ) as units_returned_in_window,
        bool_and(return_items.reason_category in ('OUR_FAULT', 'PRODUCT_ISSUES')) as is_excused,
        max(return_items.requested_at) as last_requested_at
    from return_items
    inner join orders
        on return_items.order_key = orders.order_key
    group by return_items.order_key

),

final as (

    select
        ---------- keys
        evaluated.order_key,
        evaluated.user_key,

        ---------- attributes
        evaluated.channel,
        evaluated.sub_channel,
        evaluated.order_name,

        evaluated.units_sold,
        cast(coalesce(order_returns.returns_count, 0) as bigint) as returns_count,
        cast(coalesce(order_returns.units_returned, 0) as bigint) as units_returned,
        cast(coalesce(order_returns.units_returned_in_window, 0) as bigint)
            as units_returned_in_window,
        coalesce(user_orders.expected_returns, 0) as expected_returns,
        evaluated.sales_usd,
        evaluated.refund_usd,

        ---------- flags
        order_returns.order_key is not null as has_return,
        -- Without a delivery date no unit was asked back within the window.
        coalesce(
            order_returns.units_returned_in_window >= evaluated.units_sold, false
        ) as is_wardrobed,
        coalesce(order_returns.is_excused, false) as is_excused,
        coalesce(user_orders.is_held, 0) as is_held,

        ---------- times
        evaluated.ordered_at,
        evaluated.delivered_at,
        order_returns.last_requested_at

    from evaluated
    left join order_returns
        on evaluated.order_key = order_returns.order_key
    left join user_orders
        on evaluated.order_key = user_orders.order_key

)

select * from final
