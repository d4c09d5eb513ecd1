{#
    How alike the units of one order are: the correlation within orders (Kish 1965), by moments. Pooled
    over all sub-channels, for the refunds of a small one say little about it. A whole order and its
    part of one category differ, since units of one product come back together most.
#}
with

cohorts as (

    select * from {{ ref('int_cohorts__daily') }}
    where is_mature

),

series as (

    select
        sub_channel,
        category,
        sum(units_sold) as units_sold,
        sum(squared_units_sold) as squared_units_sold,
        sum(units_refunded) as units_refunded,
        sum(squared_units_refunded) as squared_units_refunded,
        sum(units_sold_by_refunded) as units_sold_by_refunded,
        sum(units_refunded) / nullif(cast(sum(units_sold) as double), 0) as refund_rate
    from cohorts
    group by sub_channel, category

),

-- What orders vary beyond units that come back by themselves, and what they would if they came back
-- whole or not at all.
spreads as (

    select
        category = 'all' as is_whole_order,
        squared_units_refunded - 2 * refund_rate * units_sold_by_refunded
        + refund_rate * refund_rate * squared_units_sold
        - refund_rate * (1 - refund_rate) * units_sold as spread,
        refund_rate * (1 - refund_rate) * (squared_units_sold - units_sold) as largest_spread
    from series

),

final as (

    select
        is_whole_order,
        least(1.0, greatest(0.0, coalesce(
            {{ exact_sum('spread') }} / nullif({{ exact_sum('largest_spread') }}, 0), 1.0
        ))) as order_correlation
    from spreads
    group by is_whole_order

)

select * from final
