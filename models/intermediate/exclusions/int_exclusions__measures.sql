with

order_items as (

    select * from {{ ref('order_items') }}

),

refund_items as (

    select * from {{ ref('refund_items') }}

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

-- Money that nobody reported: pending orders have no price yet, many returns no amount.
left_out_of_money as (

    select
        'sales_usd' as left_out_of,
        channel,
        sub_channel,
        'order_items' as record_type,
        'no_amount_reported' as excluded_reason,
        currency,
        count(*) as row_count,
        sum(units_sold) as units,
        0 as amount
    from order_items
    where sales_amount is null
    group by channel, sub_channel, currency

    union all

    select
        'refund_usd' as left_out_of,
        channel,
        sub_channel,
        'refund_items' as record_type,
        'no_amount_reported' as excluded_reason,
        currency,
        count(*) as row_count,
        sum(units_refunded) as units,
        0 as amount
    from refund_items
    where refund_amount is null
    group by channel, sub_channel, currency

),

unioned as (

    select * from left_out_of_rates
    union all
    select * from left_out_of_money

)

select * from unioned
