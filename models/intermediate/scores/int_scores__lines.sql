{{ config(materialized='table') }}

with

order_items as (

    {{ rows_in('metrics', ref('order_items')) }}

),

left_out as (

    select * from {{ ref('int_orders__left_out') }}

),

products as (

    select * from {{ ref('products') }}

),

refund_items as (

    select * from {{ ref('refund_items') }}
    where is_in_refund_rate and order_item_key is not null

),

-- What we or the product caused says nothing about the customer.
units_held_against_customers as (

    select
        order_item_key,
        sum(units_refunded) as units_held
    from refund_items
    where reason_category not in ('OUR_FAULT', 'PRODUCT_ISSUES')
    group by order_item_key

),

final as (

    select
        ---------- keys
        order_items.order_item_key,
        order_items.order_key,
        order_items.product_key,
        order_items.user_key,

        ---------- attributes
        order_items.channel,
        order_items.sub_channel,
        coalesce(products.category, '(none)') as category,

        ---------- amounts
        order_items.units_ordered,
        order_items.units_cancelled,
        order_items.units_sold,
        order_items.units_refunded,
        cast(coalesce(units_held_against_customers.units_held, 0) as bigint) as units_held,
        order_items.sales_usd,
        order_items.refund_usd,
        -- A decimal, for sums of floats depend on the order in which threads add them.
        cast(
            coalesce({{ rate('order_items.units_refunded', 'order_items.units_sold') }}, 0)
            as decimal(18, 9)
        ) as share_refunded,

        ---------- flags, as numbers to be added up
        case when order_items.units_sold > 0 then 1 else 0 end as lines_sold,
        case when order_items.units_refunded > 0 then 1 else 0 end as lines_refunded,
        case when units_held_against_customers.units_held > 0 then 1 else 0 end as lines_held,

        ---------- flags
        left_out.order_key is null as is_in_scans,

        ---------- times
        order_items.ordered_at

    from order_items
    left join products
        on order_items.product_key = products.product_key
    left join left_out
        on order_items.order_key = left_out.order_key
    left join units_held_against_customers
        on order_items.order_item_key = units_held_against_customers.order_item_key

)

select * from final
