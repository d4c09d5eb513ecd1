{# Lines are read where they are used, see int_scores__lines. #}
with

repeats as (

    select * from {{ ref('int_scores__repeats') }}

),

-- Lines of a product beyond the first of their order.
further_lines as (

    select
        score_lines.product_key,
        score_lines.sub_channel,
        score_lines.age_band,
        count(*) - count(distinct score_lines.order_key) as line_count
    from {{ ref('int_scores__lines') }} as score_lines
    inner join repeats
        on
            score_lines.order_key = repeats.order_key
            and score_lines.category = repeats.category
    where score_lines.product_key is not null and score_lines.is_in_scans
    group by score_lines.product_key, score_lines.sub_channel, score_lines.age_band

),

line_totals as (

    select
        product_key,
        category,
        channel,
        sub_channel,
        age_band,
        count(*) as line_count,
        cast(sum(units_ordered) as bigint) as units_ordered,
        cast(sum(units_cancelled) as bigint) as units_cancelled,
        cast(sum(units_sold) as bigint) as units_sold,
        cast(sum(units_refunded) as bigint) as units_refunded,
        cast(sum(units_held) as bigint) as units_held,
        cast(sum(lines_sold) as bigint) as lines_sold,
        cast(sum(lines_refunded) as bigint) as lines_refunded,
        cast(sum(lines_held) as bigint) as lines_held,
        sum(share_refunded) as shares_refunded,
        cast(sum(sales_usd) as decimal(18, 4)) as sales_usd,
        cast(sum(refund_usd) as decimal(18, 4)) as refund_usd
    from {{ ref('int_scores__lines') }}
    where product_key is not null and is_in_scans
    group by product_key, category, channel, sub_channel, age_band

),

final as (

    select
        line_totals.*,
        line_totals.line_count - coalesce(further_lines.line_count, 0) as orders
    from line_totals
    left join further_lines
        on
            line_totals.product_key = further_lines.product_key
            and line_totals.sub_channel = further_lines.sub_channel
            and line_totals.age_band = further_lines.age_band

)

select * from final
