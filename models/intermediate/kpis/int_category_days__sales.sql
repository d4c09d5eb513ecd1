with

order_days as (

    select * from {{ ref('int_category_days__orders') }}

),

-- All lines but of orders left out of the KPI totals. A line of no product is in all alone.
score_lines as (

    select
        *,
        case when product_key is not null then category end as product_category
    from {{ ref('int_scores__lines') }}

),

sold_parts as (

    select
        channel,
        sub_channel,
        product_category as category,
        order_date as kpi_date,
        cast(sum(units_sold) as bigint) as units_sold,
        cast(sum(units_refunded) as bigint) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from score_lines
    group by channel, sub_channel, product_category, order_date

),

-- Millions of lines are added up once, and their few sums a second time for all.
sales_days as (

    select *
    from sold_parts
    where category is not null
    union all
    select
        channel,
        sub_channel,
        'all' as category,
        kpi_date,
        cast(sum(units_sold) as bigint) as units_sold,
        cast(sum(units_refunded) as bigint) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from sold_parts
    group by channel, sub_channel, kpi_date

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
