{{ config(materialized='table') }}

{#
    A customer's trial is an order, since an order comes back as a whole. What is expected of it
    follows from what was bought: each line's chance is that of its product with other customers,
    as old, leaning on the product's peers, for returns that are neither our fault nor the product's.
#}
with

score_lines as (

    select * from {{ ref('int_scores__lines') }}
    where user_key is not null and is_in_scans

),

cells as (

    select * from {{ ref('int_scores__cells') }}

),

baskets as (

    select
        user_key,
        product_key,
        sub_channel,
        age_band,
        sum(lines_sold) as lines_sold,
        sum(lines_held) as lines_held
    from score_lines
    group by user_key, product_key, sub_channel, age_band

),

-- The product without this customer: who buys bad products is not made out to be one of them.
chances as (

    select
        baskets.user_key,
        baskets.product_key,
        baskets.sub_channel,
        baskets.age_band,
        (
            cells.lines_held - baskets.lines_held
            + {{ var('peer_weight_lines') }} * cells.peer_held_rate
        ) / (
            cells.lines_sold - baskets.lines_sold + cast({{ var('peer_weight_lines') }} as double)
        ) as chance
    from baskets
    inner join cells
        on
            baskets.product_key = cells.product_key
            and baskets.sub_channel = cells.sub_channel
            and baskets.age_band = cells.age_band

),

user_orders as (

    select
        score_lines.user_key,
        score_lines.order_key,
        sum(score_lines.units_sold) as units_sold,
        sum(score_lines.units_refunded) as units_refunded,
        sum(score_lines.units_held) as units_held,
        {{ exact_sum('score_lines.units_sold * coalesce(chances.chance, 0)') }} as expected_units,
        max(score_lines.lines_held) as is_held,
        1 - exp({{ exact_sum('score_lines.lines_sold * ln(1 - coalesce(chances.chance, 0))') }})
            as expected_returns,
        sum(score_lines.sales_usd) as sales_usd,
        sum(score_lines.refund_usd) as refund_usd
    from score_lines
    left join chances
        on
            score_lines.user_key = chances.user_key
            and score_lines.sub_channel = chances.sub_channel
            and score_lines.product_key = chances.product_key
            and score_lines.age_band = chances.age_band
    group by score_lines.user_key, score_lines.order_key

)

select * from user_orders
