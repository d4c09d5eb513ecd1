with

orders as (

    {{ rows_in('metrics', ref('orders'), 'not kept.is_test') }}

),

order_items as (

    {{ rows_in('metrics', ref('order_items')) }}

),

order_totals as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        count(*) as orders,
        count(*) filter (where not is_cancelled) as shipped_orders,
        count(*) filter (where user_key is null) as guest_orders,
        count(*) filter (where has_return) as orders_with_return,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at
    from orders
    group by grouping sets ((channel, sub_channel), (channel), ())

),

sales_totals as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        sum(units_ordered) as units_ordered,
        sum(units_cancelled) as units_cancelled,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from order_items
    group by grouping sets ((channel, sub_channel), (channel), ())

),

final as (

    select
        order_totals.channel,
        order_totals.sub_channel,

        ---------- orders and units
        order_totals.orders,
        order_totals.shipped_orders,
        order_totals.guest_orders,
        order_totals.orders_with_return,
        sales_totals.units_ordered,
        sales_totals.units_cancelled,
        sales_totals.units_sold,
        sales_totals.units_refunded,

        ---------- money
        sales_totals.sales_usd,
        sales_totals.refund_usd,

        ---------- times
        order_totals.first_ordered_at,
        order_totals.last_ordered_at
    from order_totals
    left join sales_totals
        on
            order_totals.channel = sales_totals.channel
            and order_totals.sub_channel = sales_totals.sub_channel

)

select * from final
