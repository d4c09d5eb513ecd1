with

cells as (

    select * from {{ ref('int_scores__cells') }}

),

-- What a category holds in a sub-channel, and which product gives most of it back.
categories as (

    select
        category,
        channel,
        sub_channel,
        count(*) as products,
        arg_max(product_key, (lines_refunded, product_key)) as top_product_key,
        max(lines_refunded) as top_product_lines_refunded,
        sum(units_ordered) as units_ordered,
        sum(units_cancelled) as units_cancelled,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(lines_sold) as lines_sold,
        sum(lines_refunded) as lines_refunded,
        sum(shares_refunded) as shares_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from cells
    group by category, channel, sub_channel

),

-- What is expected of a category in a sub-channel: its rate elsewhere, times how the sub-channel's
-- other categories stand to all. So shoes are not blamed for being shoes.
others as (

    select
        *,
    {%- for total in ['lines_sold', 'lines_refunded', 'shares_refunded'] %}
        sum({{ total }}) over (partition by category) - {{ total }} as {{ total }}_elsewhere,
        sum({{ total }}) over (partition by sub_channel) - {{ total }} as {{ total }}_beside,
        sum({{ total }}) over () - {{ total }} as {{ total }}_of_all
        {{- "," if not loop.last }}
    {%- endfor %}
    from categories

),

counts as (

    select
        *,
        sub_channel as peer_group,
        cast(lines_sold as bigint) as trials,
        cast(lines_refunded as bigint) as hits,
        lines_sold * {{ crossed_rate('lines_refunded', 'lines_sold') }} as expected_hits,
        units_sold * {{ crossed_rate('shares_refunded', 'lines_sold') }} as expected_units
    from others

),

-- The same entrance as for products.
{{ peer_scores(
    ['category', 'sub_channel'], 'units_sold >= ' ~ var('min_product_units'), 'lines'
) }},

final as (

    select
        ---------- keys
        scored.category,
        scored.channel,
        scored.sub_channel,

        ---------- amounts
        scored.products,
        cast(scored.units_ordered as bigint) as units_ordered,
        cast(scored.units_cancelled as bigint) as units_cancelled,
        cast(scored.units_sold as bigint) as units_sold,
        cast(scored.units_refunded as bigint) as units_refunded,
        cast(scored.sales_usd as decimal(18, 4)) as sales_usd,
        cast(scored.refund_usd as decimal(18, 4)) as refund_usd,
        {{ rate('scored.units_refunded', 'scored.units_sold') }} as refund_rate,
        {{ wilson_bound('scored.units_refunded', 'scored.units_sold', 'lower') }}
            as refund_rate_lower,
        {{ wilson_bound('scored.units_refunded', 'scored.units_sold', 'upper') }}
            as refund_rate_upper,
        {{ rate('scored.refund_usd', 'scored.sales_usd') }} as refund_value_rate,

        {{ score_columns('lines_sold', 'lines_refunded', 'line_refund_rate') }},

        ---------- the product behind it
        scored.top_product_key,
        {{ rate('scored.top_product_lines_refunded', 'scored.hits') }} as top_product_share,

        ---------- rank: money at stake times probability
        scored.stake_rank as refund_rank

    from scored

)

select * from final
