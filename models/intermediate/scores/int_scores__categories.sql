with

cells as (

    select * from {{ ref('int_scores__cells') }}

),

bands as (

    select
        category,
        channel,
        sub_channel,
        age_band,
        sum(lines_sold) as lines_sold,
        sum(lines_refunded) as lines_refunded,
        sum(shares_refunded) as shares_refunded,
        sum(units_ordered) as units_ordered,
        sum(units_cancelled) as units_cancelled,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from cells
    group by category, channel, sub_channel, age_band

),

-- What is expected of a category in a sub-channel: its rate elsewhere, times how the sub-channel's
-- other categories stand to all. So shoes are not blamed for being shoes.
others as (

    select
        *,
    {%- for total in ['lines_sold', 'lines_refunded', 'shares_refunded'] %}
        sum({{ total }}) over (partition by category, age_band) - {{ total }}
            as {{ total }}_elsewhere,
        sum({{ total }}) over (partition by sub_channel, age_band) - {{ total }}
            as {{ total }}_beside,
        sum({{ total }}) over (partition by age_band) - {{ total }} as {{ total }}_of_band,
        sum({{ total }}) over () - {{ total }} as {{ total }}_of_all
        {{- "," if not loop.last }}
    {%- endfor %}
    from bands

),

final as (

    select
        category,
        channel,
        sub_channel,
        cast(sum(units_ordered) as bigint) as units_ordered,
        cast(sum(units_cancelled) as bigint) as units_cancelled,
        cast(sum(units_sold) as bigint) as units_sold,
        cast(sum(units_refunded) as bigint) as units_refunded,
        cast(sum(sales_usd) as decimal(18, 4)) as sales_usd,
        cast(sum(refund_usd) as decimal(18, 4)) as refund_usd,
        cast(sum(lines_sold) as bigint) as lines_sold,
        cast(sum(lines_refunded) as bigint) as lines_refunded,
        {{ exact_sum("lines_sold * " ~ crossed_rate('lines_refunded', 'lines_sold')) }}
            as expected_lines_refunded,
        {{ exact_sum("units_sold * " ~ crossed_rate('shares_refunded', 'lines_sold')) }}
            as expected_units
    from others
    group by category, channel, sub_channel

)

select * from final
