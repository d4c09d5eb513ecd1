{{ config(materialized='table') }}

{#
    Units by day of order at equal age: only refunds within `maturity_days` of the order, however old
    it is by now. With them the sums over orders that say how much units of one order come back
    together (macro design_effect). `category` all holds whole orders.
#}
with

score_lines as (

    select * from {{ ref('int_scores__lines') }}

),

refund_items as (

    select * from {{ ref('refund_items') }}
    where
        is_in_refund_rate
        and order_item_key is not null
        and days_to_refund <= {{ var('maturity_days') }}

),

timely_refunds as (

    select
        order_item_key,
        sum(units_refunded) as units_refunded
    from refund_items
    group by order_item_key

),

order_parts as (

    select
        score_lines.channel,
        score_lines.sub_channel,
        coalesce(score_lines.category, 'all') as category,
        score_lines.order_key,
        cast(score_lines.ordered_at as date) as order_date,
        sum(score_lines.units_sold) as units_sold,
        sum(coalesce(timely_refunds.units_refunded, 0)) as units_refunded
    from score_lines
    left join timely_refunds
        on score_lines.order_item_key = timely_refunds.order_item_key
    where score_lines.units_sold > 0
    group by
        grouping sets (
            (
                score_lines.channel,
                score_lines.sub_channel,
                score_lines.category,
                score_lines.order_key,
                cast(score_lines.ordered_at as date)
            ),
            (
                score_lines.channel,
                score_lines.sub_channel,
                score_lines.order_key,
                cast(score_lines.ordered_at as date)
            )
        )

),

final as (

    select
        channel,
        sub_channel,
        category,
        order_date,
        count(distinct order_key) as orders,
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
