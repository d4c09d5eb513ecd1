with

users as (

    select * from {{ ref('users') }}

),

user_orders as (

    select * from {{ ref('int_scores__users') }}

),

-- Only what is held against the customer counts in the scores.
counts as (

    select
        user_key,
        channel as peer_group,
        orders,
        orders_with_return,
        units_sold,
        units_refunded as units_refunded_for_any_reason,
        units_held as units_refunded,
        expected_units,
        orders as trials,
        orders_held as hits,
        expected_orders_held as expected_hits,
        sales_usd,
        refund_usd
    from user_orders

),

-- Only the entrance, as for products.
{{ peer_scores(['user_key'], 'orders >= ' ~ var('min_user_orders'), 'orders') }},

final as (

    select
        ---------- keys
        scored.user_key,

        ---------- attributes
        users.channel,
        users.sub_channel,

        ---------- amounts
        scored.orders_with_return,
        scored.units_sold,
        scored.units_refunded_for_any_reason as units_refunded,
        scored.units_refunded as units_held,
        scored.sales_usd,
        scored.refund_usd,
        {{ rate('scored.orders_with_return', 'scored.trials') }} as order_return_rate,
        {{ wilson_bound('scored.orders_with_return', 'scored.trials', 'lower') }}
            as order_return_rate_lower,
        {{ wilson_bound('scored.orders_with_return', 'scored.trials', 'upper') }}
            as order_return_rate_upper,
        {{ rate('scored.refund_usd', 'scored.sales_usd') }} as refund_value_rate,

        {{ score_columns('orders', 'orders_held', 'held_return_rate') }},

        ---------- rank: money at stake times probability
        scored.stake_rank as return_rank,

        ---------- times
        users.first_ordered_at,
        users.last_ordered_at

    from scored
    inner join users
        on scored.user_key = users.user_key

)

select * from final
