{{ config(materialized='table') }}

{#
    Orders of customers who ever returned something, with when. Whoever never did meets no rule at
    any time. An order is wardrobed under a window if it came back whole so soon after delivery.
#}
with

orders as (

    select * from {{ ref('orders') }}
    where
        user_key is not null
        and not is_test
        and not is_cancelled
        and units_sold > 0
        and ordered_at <= {{ as_of() }}
        and '{{ var("store") }}' in ('all', sub_channel)

),

return_items as (

    select * from {{ ref('return_items') }}
    where is_customer_return and order_key is not null and requested_at <= {{ as_of() }}

),

returns_of_orders as (

    select
        return_items.order_key,
        return_items.return_id,
        min(return_items.requested_at) as requested_at,
        sum(return_items.units_returned) as units_returned
    from return_items
    group by return_items.order_key, return_items.return_id

),

running as (

    select
        orders.user_key,
        orders.order_key,
        orders.units_sold,
        orders.ordered_at,
        orders.delivered_at,
        returns_of_orders.return_id,
        returns_of_orders.requested_at,
        sum(
            case
                when returns_of_orders.requested_at >= orders.delivered_at
                    then returns_of_orders.units_returned
            end
        ) over (
            partition by orders.order_key
            order by returns_of_orders.requested_at asc, returns_of_orders.return_id asc
            rows between unbounded preceding and current row
        ) as units_so_far
    from orders
    left join returns_of_orders
        on orders.order_key = returns_of_orders.order_key

),

final as (

    select
        user_key,
        order_key,
        ordered_at,
        delivered_at,
        return_id,
        requested_at,
        min(requested_at) over (partition by order_key) as first_requested_at,
        min(case when units_so_far >= units_sold then requested_at end)
            over (partition by order_key) as whole_requested_at,
        row_number() over (
            partition by order_key
            order by requested_at asc, return_id asc
        ) as return_number
    from running
    qualify count(requested_at) over (partition by user_key) > 0

)

select * from final
