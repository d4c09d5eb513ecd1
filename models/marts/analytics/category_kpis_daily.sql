{{ config(meta={'order_by': ['sub_channel', 'category', 'kpi_date']}) }}

with

products as (

    select
        product_key,
        coalesce(category, '(none)') as category
    from {{ ref('products') }}

),

sales_days as (

    select * from {{ ref('int_category_days__sales') }}

),

refund_items as (

    {{ rows_in('metrics', ref('refund_items'), 'kept.refunded_at is not null') }}

),

refund_parts as (

    select
        refund_items.channel,
        refund_items.sub_channel,
        products.category,
        cast(refund_items.refunded_at as date) as kpi_date,
        cast(
            sum(refund_items.units_refunded) filter (
                where refund_items.is_in_refund_rate
            ) as bigint
        ) as units_refunded,
        sum(refund_items.refund_usd_at_refund_date) as refund_usd
    from refund_items
    left join products
        on refund_items.product_key = products.product_key
    group by
        refund_items.channel, refund_items.sub_channel, products.category,
        cast(refund_items.refunded_at as date)

),

refund_days as (

    select *
    from refund_parts
    where category is not null
    union all
    select
        channel,
        sub_channel,
        'all' as category,
        kpi_date,
        cast(sum(units_refunded) as bigint) as units_refunded,
        sum(refund_usd) as refund_usd
    from refund_parts
    group by channel, sub_channel, kpi_date

),

days as (

    select
        channel,
        sub_channel,
        category,
        kpi_date
    from sales_days
    union
    select
        channel,
        sub_channel,
        category,
        kpi_date
    from refund_days

),

final as (

    select
        ---------- keys
        days.channel,
        days.sub_channel,
        days.category,
        days.kpi_date,

        ---------- by order date
        coalesce(sales_days.orders, 0) as orders,
        coalesce(sales_days.shipped_orders, 0) as shipped_orders,
        coalesce(sales_days.orders_with_return, 0) as orders_with_return,
        cast(coalesce(sales_days.units_sold, 0) as bigint) as units_sold,
        cast(coalesce(sales_days.units_refunded, 0) as bigint) as units_refunded,
        cast(sales_days.sales_usd as decimal(18, 4)) as sales_usd,
        cast(sales_days.refund_usd as decimal(18, 4)) as refund_usd,

        ---------- by refund date
        cast(coalesce(refund_days.units_refunded, 0) as bigint)
            as units_refunded_by_refund_date,
        cast(refund_days.refund_usd as decimal(18, 4)) as refund_usd_by_refund_date

    from
        days
    {%- for part in ['sales_days', 'refund_days'] %}
    left join {{ part }}
        on
            days.sub_channel = {{ part }}.sub_channel
            and days.category = {{ part }}.category
            and days.kpi_date = {{ part }}.kpi_date
    {%- endfor %}

)

select * from final
