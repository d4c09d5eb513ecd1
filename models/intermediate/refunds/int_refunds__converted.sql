{{ config(materialized='table') }}

with

marketplace_refunds as (

    select * from {{ ref('int_marketplace__refund_lines') }}

),

currency_units as (

    select * from {{ ref('currency_units') }}
    where source_system = 'marketplace'

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
        marketplace_refunds.* exclude (refund_amount),
        orders.order_key,
        {{ to_major_units(
            'marketplace_refunds.refund_amount', 'currency_units.units_per_major'
        ) }} as refund_amount
    from marketplace_refunds
    left join currency_units
        on marketplace_refunds.currency = currency_units.currency
    -- A refund may name an order that we do not hold: it stays, unmatched.
    left join orders
        on marketplace_refunds.reported_order_key = orders.order_key

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
