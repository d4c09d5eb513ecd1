with

dispositions as (

    select * from {{ ref('int_marketplace__row_dispositions') }}
    where excluded_reason is not null

),

orders as (

    select * from {{ ref('orders') }}

),

order_items as (

    select * from {{ ref('order_items') }}

),

refund_items as (

    select * from {{ ref('refund_items') }}

),

left_out_of_core as (

    select
        'core' as left_out_of,
        channel,
        sub_channel,
        record_type,
        excluded_reason,
        currency,
        count(*) as row_count,
        sum(units) as units,
        sum(amount) as amount
    from dispositions
    group by channel, sub_channel, record_type, excluded_reason, currency

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

-- Refunds that can not enter a rate by order date.
left_out_of_rates as (

    select
        'refund_rate' as left_out_of,
        channel,
        sub_channel,
        'refund_items' as record_type,
        case
            when is_over_refund then 'more_refunded_than_sold'
            when match_level = 'order' then 'no_such_line_in_order'
            when reported_order_id is not null then 'order_not_held'
            when user_key is null then 'names_no_order_and_no_customer'
            else 'names_no_order_and_no_sale_fits'
        end as excluded_reason,
        currency,
        count(*) as row_count,
        sum(units_refunded) as units,
        sum(refund_amount) as amount
    from refund_items
    where is_in_refund_rate and order_item_key is null
    group by all

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

unioned as (

    select * from left_out_of_core
    union all
    select * from left_out_of_user_rankings
    union all
    select * from left_out_of_rates
    union all
    select * from left_out_of_product_rankings

),

final as (

    select
        left_out_of,
        channel,
        sub_channel,
        record_type,
        excluded_reason,
        coalesce(currency, '(none)') as currency,
        row_count,
        cast(coalesce(units, 0) as bigint) as units,
        cast(coalesce(amount, 0) as decimal(18, 4)) as amount
    from unioned

)

select * from final
