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

order_parts as (

    select
        channel,
        sub_channel,
        coalesce(category, 'all') as category,
        order_key,
        order_date,
        sum(units_sold) as units_sold,
        sum(units_in_time) as units_refunded
    from score_lines
    where units_sold > 0
    group by
        grouping sets (
            (channel, sub_channel, category, order_key, order_date),
            (channel, sub_channel, order_key, order_date)
        )

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
