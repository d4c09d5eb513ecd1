{{ config(materialized='table') }}

with

orders as (

    select * from {{ ref('orders') }}
    where user_key is not null and not is_test and not is_cancelled

),

user_orders as (

    select * from {{ ref('int_scores__user_orders') }}

),

final as (

    select
        orders.user_key,
        min(orders.channel) as channel,
        min(orders.sub_channel) as sub_channel,
        count(*) as orders,
        count(*) filter (where orders.has_return) as orders_with_return,
        cast(sum(user_orders.is_held) as bigint) as orders_held,
        {{ exact_sum('user_orders.expected_returns') }} as expected_orders_held,
        cast(sum(user_orders.units_sold) as bigint) as units_sold,
        cast(sum(user_orders.units_refunded) as bigint) as units_refunded,
        cast(sum(user_orders.units_held) as bigint) as units_held,
        {{ exact_sum('user_orders.expected_units') }} as expected_units,
        cast(sum(user_orders.sales_usd) as decimal(18, 4)) as sales_usd,
        cast(sum(user_orders.refund_usd) as decimal(18, 4)) as refund_usd
    from orders
    inner join user_orders
        on orders.order_key = user_orders.order_key
    group by orders.user_key

)

select * from final
