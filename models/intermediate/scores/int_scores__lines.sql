{{ config(materialized='table') }}

{#
    What is read again and again of a line, and nothing else: a table as long as the shop's history.
    `age_band` lets a young line be compared with others as young, see macro age_band.
    A model that reads it twice does so without a CTE of its own: DuckDB writes down what a CTE with
    two readers holds, here the shop's whole history.
#}
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
line_refunds as (

    select
        order_item_key,
        sum(units_refunded) filter (
            where reason_category not in ('OUR_FAULT', 'PRODUCT_ISSUES')
        ) as units_held,
        sum(units_refunded) filter (where days_to_refund <= {{ var('maturity_days') }})
            as units_in_time
    from refund_items
    group by order_item_key

),

final as (

    select
        ---------- keys
        order_items.order_key,
        order_items.product_key,
        order_items.user_key,

        ---------- attributes
        order_items.channel,
        order_items.sub_channel,
        coalesce(products.category, '(none)') as category,
        {{ age_band('order_items.ordered_at') }} as age_band,
        cast(order_items.ordered_at as date) as order_date,

        ---------- amounts
        order_items.units_ordered,
        order_items.units_cancelled,
        order_items.units_sold,
        order_items.units_refunded,
        cast(coalesce(line_refunds.units_held, 0) as bigint) as units_held,
        cast(coalesce(line_refunds.units_in_time, 0) as bigint) as units_in_time,
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
        case when line_refunds.units_held > 0 then 1 else 0 end as lines_held,

        ---------- flags
        left_out.order_key is null as is_in_scans

    from order_items
    left join products
        on order_items.product_key = products.product_key
    left join left_out
        on order_items.order_key = left_out.order_key
    left join line_refunds
        on order_items.order_item_key = line_refunds.order_item_key

)

select * from final
