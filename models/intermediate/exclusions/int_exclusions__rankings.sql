with

orders as (

    select * from {{ ref('orders') }}

),

order_items as (

    select * from {{ ref('order_items') }}

),

-- Guests have no history: they are counted here and never grouped together.
left_out_of_user_rankings as (

    select
        'user_refunds' as left_out_of,
        channel,
        sub_channel,
        'orders' as record_type,
        'guest_order' as excluded_reason,
        currency,
        count(*) as row_count,
        sum(units_sold) as units,
        sum(sales_amount) as amount
    from orders
    where user_key is null
    group by channel, sub_channel, currency

),

left_out_of_product_rankings as (

    select
        'product_refunds' as left_out_of,
        channel,
        sub_channel,
        'order_items' as record_type,
        'no_product_named' as excluded_reason,
        currency,
        count(*) as row_count,
        sum(units_sold) as units,
        sum(sales_amount) as amount
    from order_items
    where product_key is null
    group by channel, sub_channel, currency

),

left_out_of_fraud_candidates as (

    select * from {{ ref('int_fraud__exclusions') }}

),

unioned as (

    select * from left_out_of_user_rankings
    union all
    select * from left_out_of_product_rankings
    union all
    select * from left_out_of_fraud_candidates

)

select * from unioned
