with

orders as (

    {{ rows_in('metrics', ref('orders'), 'not kept.is_test') }}

),

order_items as (

    {{ rows_in('metrics', ref('order_items')) }}

),

order_days as (

    select
        channel,
        sub_channel,
        cast(ordered_at as date) as kpi_date,
        count(*) as orders,
        count(*) filter (where has_return) as orders_with_return
    from orders
    group by channel, sub_channel, cast(ordered_at as date)

),

sales_days as (

    select
        channel,
        sub_channel,
        cast(ordered_at as date) as kpi_date,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from order_items
    group by channel, sub_channel, cast(ordered_at as date)

),

-- Lines of one order may lie on two days, and an order counts on its first: neither side has all.
final as (

    select
        coalesce(sales_days.channel, order_days.channel) as channel,
        coalesce(sales_days.sub_channel, order_days.sub_channel) as sub_channel,
        coalesce(sales_days.kpi_date, order_days.kpi_date) as kpi_date,
        coalesce(order_days.orders, 0) as orders,
        coalesce(order_days.orders_with_return, 0) as orders_with_return,
        cast(coalesce(sales_days.units_sold, 0) as bigint) as units_sold,
        cast(coalesce(sales_days.units_refunded, 0) as bigint) as units_refunded,
        sales_days.sales_usd,
        sales_days.refund_usd
    from sales_days
    full join order_days
        on
            sales_days.channel = order_days.channel
            and sales_days.sub_channel = order_days.sub_channel
            and sales_days.kpi_date = order_days.kpi_date

)

select * from final
