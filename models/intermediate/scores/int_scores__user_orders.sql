{{ config(materialized='table') }}

{#
    A customer's trial is an order, since an order comes back as a whole. What is expected of it
    follows from what was bought: each line's chance is that of its product with other customers,
    as old, leaning on the product's peers, for returns that are neither our fault nor the product's.
    Lines are read where they are used, see int_scores__lines.
#}
with

cells as (

    select * from {{ ref('int_scores__cells') }}

),

-- What a customer bought of a product more than once; anything else is its line alone.
repeated_baskets as (

    select
        user_key,
        product_key,
        sub_channel,
        age_band,
        cast(sum(lines_sold) as bigint) as lines_sold,
        cast(sum(lines_held) as bigint) as lines_held
    from {{ ref('int_scores__lines') }}
    where product_key is not null and user_key is not null and is_in_scans
    group by user_key, product_key, sub_channel, age_band
    having count(*) > 1

),

with_baskets as (

    select
        score_lines.*,
        coalesce(repeated_baskets.lines_sold, score_lines.lines_sold) as basket_lines_sold,
        coalesce(repeated_baskets.lines_held, score_lines.lines_held) as basket_lines_held
    from {{ ref('int_scores__lines') }} as score_lines
    left join repeated_baskets
        on
            score_lines.user_key = repeated_baskets.user_key
            and score_lines.product_key = repeated_baskets.product_key
            and score_lines.sub_channel = repeated_baskets.sub_channel
            and score_lines.age_band = repeated_baskets.age_band
    where score_lines.user_key is not null and score_lines.is_in_scans

),

-- The product without this customer: who buys bad products is not made out to be one of them.
with_chances as (

    select
        with_baskets.*,
        coalesce(
            (
                cells.lines_held - with_baskets.basket_lines_held
                + {{ var('peer_weight_lines') }} * cells.peer_held_rate
            ) / (
                cells.lines_sold - with_baskets.basket_lines_sold
                + cast({{ var('peer_weight_lines') }} as double)
            ),
            0
        ) as chance
    from with_baskets
    left join cells
        on
            with_baskets.product_key = cells.product_key
            and with_baskets.sub_channel = cells.sub_channel
            and with_baskets.age_band = cells.age_band

),

user_orders as (

    select
        user_key,
        order_key,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(units_held) as units_held,
        {{ exact_sum('units_sold * chance') }} as expected_units,
        max(lines_held) as is_held,
        1 - exp({{ exact_sum('lines_sold * ln(1 - chance)') }}) as expected_returns,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from with_chances
    group by user_key, order_key

)

select * from user_orders
