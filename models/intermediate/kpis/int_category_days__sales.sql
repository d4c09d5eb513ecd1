with

products as (

    select
        product_key,
        coalesce(category, '(none)') as category
    from {{ ref('products') }}

),

orders as (

    {{ rows_in('metrics', ref('orders'), 'not kept.is_test') }}

),

order_items as (

    {{ rows_in('metrics', ref('order_items')) }}

),

order_categories as (

    select distinct
        order_items.order_key,
        products.category
    from order_items
    inner join products
        on order_items.product_key = products.product_key
    union all
    select
        order_key,
        'all' as category
    from orders

),

order_days as (

    select
        orders.channel,
        orders.sub_channel,
        order_categories.category,
        cast(orders.ordered_at as date) as kpi_date,
        count(*) as orders,
        count(*) filter (where not orders.is_cancelled) as shipped_orders,
        count(*) filter (where orders.has_return) as orders_with_return
    from orders
    inner join order_categories
        on orders.order_key = order_categories.order_key
    group by
        orders.channel, orders.sub_channel, order_categories.category,
        cast(orders.ordered_at as date)

),

sold_parts as (

    select
        order_items.*,
        products.category
    from order_items
    inner join products
        on order_items.product_key = products.product_key
    union all
    select
        *,
        'all' as category
    from order_items

),

sales_days as (

    select
        channel,
        sub_channel,
        category,
        cast(ordered_at as date) as kpi_date,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from sold_parts
    group by channel, sub_channel, category, cast(ordered_at as date)

),

final as (

    select
        coalesce(order_days.channel, sales_days.channel) as channel,
        coalesce(order_days.sub_channel, sales_days.sub_channel) as sub_channel,
        coalesce(order_days.category, sales_days.category) as category,
        coalesce(order_days.kpi_date, sales_days.kpi_date) as kpi_date,
        order_days.orders,
        order_days.shipped_orders,
        order_days.orders_with_return,
        sales_days.units_sold,
        sales_days.units_refunded,
        sales_days.sales_usd,
        sales_days.refund_usd
    from order_days
    -- Lines have moments of their own, so an order over midnight has lines on two days.
    full join sales_days
        on
            order_days.sub_channel = sales_days.sub_channel
            and order_days.category = sales_days.category
            and order_days.kpi_date = sales_days.kpi_date

)

select * from final
