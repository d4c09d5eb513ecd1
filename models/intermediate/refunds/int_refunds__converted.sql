{{ config(materialized='table') }}

with

source_refunds as (

    select * from {{ ref('int_marketplace__refund_lines') }}
    union all by name
    select * from {{ ref('int_shopify__refund_lines') }}
    union all by name
    select * from {{ ref('int_desertcart__refund_lines') }}

),

currency_units as (

    select * from {{ ref('int_currency_units__by_source') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

orders as (

    select distinct order_lines.order_key from order_lines

),

named_lines as (

    select distinct
        order_key,
        line_ref
    from {{ ref('int_order_lines__named') }}

),

converted as (

    select
        source_refunds.* exclude (refund_amount),
        orders.order_key,
        {{ to_major_units(
            'source_refunds.refund_amount', 'currency_units.units_per_major'
        ) }} as refund_amount
    from source_refunds
    left join currency_units
        on
            source_refunds.channel = currency_units.source_system
            and source_refunds.currency = currency_units.currency
    -- A refund may name an order that we do not hold: it stays, unmatched.
    left join orders
        on source_refunds.reported_order_key = orders.order_key

),

-- The line's own id where the order has such a line, else the product.
named as (

    select
        converted.*,
        coalesce(line_ids.line_ref, 'product:' || converted.product_key) as line_ref
    from converted
    left join named_lines as line_ids
        on
            converted.order_key = line_ids.order_key
            and 'line:' || converted.order_line_id = line_ids.line_ref

)

select * from named
