{{ config(materialized='table') }}

{#
    Units by day of order at equal age: only refunds within `maturity_days` of the order, however old
    it is by now. With them the sums over orders that say how much units of one order come back
    together (macro design_effect). `category` all holds whole orders.
    Lines are read where they are used, see int_scores__lines.
#}
with

repeats as (

    select * from {{ ref('int_scores__repeats') }}

),

-- Most lines are all that their order holds of their category.
single_parts as (

    select
        score_lines.channel,
        score_lines.sub_channel,
        score_lines.category,
        score_lines.order_date,
        score_lines.units_sold,
        score_lines.units_in_time as units_refunded
    from {{ ref('int_scores__lines') }} as score_lines
    left join repeats
        on
            score_lines.order_key = repeats.order_key
            and score_lines.category = repeats.category
    where score_lines.units_sold > 0 and repeats.order_key is null

),

repeated_parts as (

    select
        score_lines.channel,
        score_lines.sub_channel,
        score_lines.category,
        score_lines.order_date,
        cast(sum(score_lines.units_sold) as bigint) as units_sold,
        cast(sum(score_lines.units_in_time) as bigint) as units_refunded
    from {{ ref('int_scores__lines') }} as score_lines
    inner join repeats
        on
            score_lines.order_key = repeats.order_key
            and score_lines.category = repeats.category
    where score_lines.units_sold > 0
    group by
        score_lines.order_key, score_lines.channel, score_lines.sub_channel,
        score_lines.category, score_lines.order_date

),

whole_orders as (

    select
        channel,
        sub_channel,
        'all' as category,
        order_date,
        cast(sum(units_sold) as bigint) as units_sold,
        cast(sum(units_in_time) as bigint) as units_refunded
    from {{ ref('int_scores__lines') }}
    where units_sold > 0
    group by order_key, channel, sub_channel, order_date

),

order_parts as (

    select * from single_parts
    union all
    select * from repeated_parts
    union all
    select * from whole_orders

),

final as (

    select
        channel,
        sub_channel,
        category,
        order_date,
        count(*) as orders,
        cast(sum(units_sold) as bigint) as units_sold,
        cast(sum(units_refunded) as bigint) as units_refunded,
        cast(sum(units_sold * units_sold) as bigint) as squared_units_sold,
        cast(sum(units_refunded * units_refunded) as bigint) as squared_units_refunded,
        cast(sum(units_sold * units_refunded) as bigint) as units_sold_by_refunded,
        order_date < cast({{ as_of() }} as date) - interval '{{ var("maturity_days") }} days'
            as is_mature
    from order_parts
    group by channel, sub_channel, category, order_date

)

select * from final
