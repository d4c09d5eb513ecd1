-- What several marts measure is the same in each: channel_kpis, order_items, orders,
-- refund_reasons and product_refunds (with the products that its floor leaves out). Decisions take
-- orders out of totals or of rankings; the same ones in each.
with

counted_items as (

    {{ rows_in('metrics', ref('order_items')) }}

),

scanned_items as (

    {{ rows_in('scans', ref('order_items')) }}

),

counted_orders as (

    {{ rows_in('metrics', ref('orders')) }}

),

items as (

    select
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from counted_items

),

scanned as (

    select
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded
    from scanned_items

),

kpis as (

    select
        units_sold,
        units_refunded,
        sales_usd,
        refund_usd,
        refunds,
        units_refunded_unmatched,
        refund_usd_by_refund_date
    from {{ ref('channel_kpis') }}
    where channel = 'all'

),

channels as (

    select
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd,
        sum(refunds) as refunds,
        sum(units_refunded_unmatched) as units_refunded_unmatched,
        sum(refund_usd_by_refund_date) as refund_usd_by_refund_date
    from {{ ref('channel_kpis') }}
    where sub_channel != 'all'

),

orders as (

    select
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded
    from counted_orders

),

reasons as (

    select sum(units_refunded) as units_refunded
    from {{ ref('refund_reasons') }}

),

products as (

    select
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded
    from {{ ref('product_refunds') }}

),

-- Products are left out below the floor, lines without a product always.
below_floor as (

    select
        product_key,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded
    from scanned_items
    group by product_key
    having product_key is null or sum(units_sold) < {{ var('min_product_units') }}

),

below_floor_total as (

    select
        coalesce(sum(units_sold), 0) as units_sold,
        coalesce(sum(units_refunded), 0) as units_refunded
    from below_floor

)

select
    items.units_sold,
    kpis.units_sold as kpi_units_sold
from items
cross join scanned
cross join kpis
cross join channels
cross join orders
cross join reasons
cross join products
cross join below_floor_total
where
    items.units_sold is distinct from kpis.units_sold
    or items.units_refunded is distinct from kpis.units_refunded
    or items.sales_usd is distinct from kpis.sales_usd
    or items.refund_usd is distinct from kpis.refund_usd
    or items.units_sold is distinct from channels.units_sold
    or items.units_refunded is distinct from channels.units_refunded
    or items.sales_usd is distinct from channels.sales_usd
    or items.refund_usd is distinct from channels.refund_usd
    or items.units_sold is distinct from orders.units_sold
    or items.units_refunded is distinct from orders.units_refunded
    or kpis.refunds is distinct from channels.refunds
    or kpis.units_refunded_unmatched is distinct from channels.units_refunded_unmatched
    or kpis.refund_usd_by_refund_date is distinct from channels.refund_usd_by_refund_date
    or coalesce(reasons.units_refunded, 0)
    is distinct from items.units_refunded + kpis.units_refunded_unmatched
    or scanned.units_sold
    is distinct from coalesce(products.units_sold, 0) + below_floor_total.units_sold
    or scanned.units_refunded
    is distinct from coalesce(products.units_refunded, 0) + below_floor_total.units_refunded
