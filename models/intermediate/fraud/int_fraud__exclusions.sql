-- Guests and returns without a customer: nobody to review, and never grouped together.
with

orders as (

    select * from {{ ref('orders') }}

),

return_items as (

    select * from {{ ref('return_items') }}

),

guest_orders as (

    select
        'fraud_candidates' as left_out_of,
        channel,
        sub_channel,
        'orders' as record_type,
        'guest_order' as excluded_reason,
        currency,
        count(*) as row_count,
        sum(units_sold) as units,
        sum(sales_amount) as amount
    from orders
    where
        user_key is null
        and not is_test
        and not is_cancelled
        and units_sold > 0
        and ordered_at >= {{ as_of() }} - interval '{{ var("days_back") }} days'
        and ordered_at <= {{ as_of() }}
    group by channel, sub_channel, currency

),

returns_without_customer as (

    select
        'fraud_candidates' as left_out_of,
        channel,
        sub_channel,
        'return_items' as record_type,
        case when order_key is null then 'unknown_order' else 'no_customer' end as excluded_reason,
        cast(null as varchar) as currency,
        count(*) as row_count,
        sum(units_returned) as units,
        cast(null as decimal(18, 4)) as amount
    from return_items
    where is_customer_return and (order_key is null or user_key is null)
    group by channel, sub_channel, order_key is null

),

unioned as (

    select * from guest_orders
    union all
    select * from returns_without_customer

)

select * from unioned
