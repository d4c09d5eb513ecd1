with

-- Twice, for DuckDB writes down what a CTE with two readers holds, and orders are many.
orders_of_categories as (

    {{ rows_in('metrics', ref('orders'), 'not kept.is_test') }}

),

orders as (

    {{ rows_in('metrics', ref('orders'), 'not kept.is_test') }}

),

score_lines as (

    select * from {{ ref('int_scores__lines') }}

),

repeats as (

    select * from {{ ref('int_scores__repeats') }}

),

order_categories as (

    select
        score_lines.order_key,
        score_lines.category
    from score_lines
    left join repeats
        on
            score_lines.order_key = repeats.order_key
            and score_lines.category = repeats.category
    where score_lines.product_key is not null and repeats.order_key is null
    union all
    select
        order_key,
        category
    from repeats
    where product_lines > 0

),

final as (

    select
        orders_of_categories.channel,
        orders_of_categories.sub_channel,
        order_categories.category,
        cast(orders_of_categories.ordered_at as date) as kpi_date,
        count(*) as orders,
        count(*) filter (where not orders_of_categories.is_cancelled) as shipped_orders,
        count(*) filter (where orders_of_categories.has_return) as orders_with_return
    from orders_of_categories
    inner join order_categories
        on orders_of_categories.order_key = order_categories.order_key
    group by
        orders_of_categories.channel, orders_of_categories.sub_channel,
        order_categories.category, cast(orders_of_categories.ordered_at as date)
    union all
    select
        channel,
        sub_channel,
        'all' as category,
        cast(ordered_at as date) as kpi_date,
        count(*) as orders,
        count(*) filter (where not is_cancelled) as shipped_orders,
        count(*) filter (where has_return) as orders_with_return
    from orders
    group by channel, sub_channel, cast(ordered_at as date)

)

select * from final
