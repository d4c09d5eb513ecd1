with

users as (

    select * from {{ ref('users') }}

),

orders as (

    select * from {{ ref('orders') }}
    where user_key is not null and not is_test and not is_cancelled

),

order_items as (

    select * from {{ ref('order_items') }}
    where user_key is not null

),

order_totals as (

    select
        user_key,
        count(*) as orders,
        count(*) filter (where has_return) as orders_with_return
    from orders
    group by user_key

),

unit_totals as (

    select
        user_key,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from order_items
    group by user_key

),

-- Only the entrance, as for products.
ranked_users as (

    select * from order_totals
    where orders >= {{ var('min_user_orders') }}

),

final as (

    select
        ---------- keys
        ranked_users.user_key,

        ---------- attributes
        users.channel,
        users.sub_channel,

        ---------- amounts
        ranked_users.orders,
        ranked_users.orders_with_return,
        cast(unit_totals.units_sold as bigint) as units_sold,
        cast(unit_totals.units_refunded as bigint) as units_refunded,
        cast(unit_totals.sales_usd as decimal(18, 4)) as sales_usd,
        cast(unit_totals.refund_usd as decimal(18, 4)) as refund_usd,

        ---------- rates
        {{ rate('ranked_users.orders_with_return', 'ranked_users.orders') }} as order_return_rate,
        {{ wilson_bound(
            'ranked_users.orders_with_return', 'ranked_users.orders', 'lower'
        ) }} as order_return_rate_lower,
        {{ wilson_bound(
            'ranked_users.orders_with_return', 'ranked_users.orders', 'upper'
        ) }} as order_return_rate_upper,
        {{ rate('unit_totals.refund_usd', 'unit_totals.sales_usd') }} as refund_value_rate,

        ---------- rank: what the rate is at least
        row_number() over (
            order by
                {{ wilson_bound(
                    'ranked_users.orders_with_return', 'ranked_users.orders', 'lower'
                ) }} desc,
                ranked_users.orders_with_return desc,
                ranked_users.user_key asc
        ) as return_rank,

        ---------- times
        users.first_ordered_at,
        users.last_ordered_at

    from ranked_users
    inner join users
        on ranked_users.user_key = users.user_key
    inner join unit_totals
        on ranked_users.user_key = unit_totals.user_key

)

select * from final
