with

cells as (

    select * from {{ ref('int_scores__cells') }}

),

products as (

    select * from {{ ref('products') }}

),

top_reasons as (

    select * from {{ ref('int_scores__reasons') }}

),

counts as (

    select
        product_key,
        channel,
        sub_channel,
        concat_ws(':', sub_channel, category) as peer_group,
        cast(sum(orders) as bigint) as orders,
        cast(sum(units_ordered) as bigint) as units_ordered,
        cast(sum(units_cancelled) as bigint) as units_cancelled,
        cast(sum(units_sold) as bigint) as units_sold,
        cast(sum(units_refunded) as bigint) as units_refunded,
        {{ exact_sum('units_sold * peer_unit_rate') }} as expected_units,
        cast(sum(lines_sold) as bigint) as trials,
        cast(sum(lines_refunded) as bigint) as hits,
        {{ exact_sum('lines_sold * peer_line_rate') }} as expected_hits,
        cast(sum(sales_usd) as decimal(18, 4)) as sales_usd,
        cast(sum(refund_usd) as decimal(18, 4)) as refund_usd
    from cells
    group by product_key, channel, sub_channel, category

),

-- Only the entrance: below it a product is not ranked, above it the interval does the work.
{{ peer_scores(
    ['product_key', 'sub_channel'], 'units_sold >= ' ~ var('min_product_units'), 'lines'
) }},

final as (

    select
        ---------- keys
        scored.product_key,
        products.sku,

        ---------- attributes
        scored.channel,
        scored.sub_channel,
        products.product_name,
        products.category,
        products.brand,

        ---------- amounts
        scored.orders,
        scored.units_ordered,
        scored.units_cancelled,
        scored.units_sold,
        scored.units_refunded,
        scored.sales_usd,
        scored.refund_usd,
        {{ rate('scored.units_refunded', 'scored.units_sold') }} as refund_rate,
        {{ wilson_bound('scored.units_refunded', 'scored.units_sold', 'lower') }}
            as refund_rate_lower,
        {{ wilson_bound('scored.units_refunded', 'scored.units_sold', 'upper') }}
            as refund_rate_upper,
        {{ rate('scored.refund_usd', 'scored.sales_usd') }} as refund_value_rate,

        {{ score_columns('lines_sold', 'lines_refunded', 'line_refund_rate') }},

        ---------- reasons
        top_reasons.top_reason,
        top_reasons.top_reason_category,
        top_reasons.top_reason_advice,
        top_reasons.our_fault_share,
        top_reasons.product_issues_share,
        top_reasons.customer_share,

        ---------- rank: money at stake times probability
        scored.stake_rank as refund_rank

    from scored
    inner join products
        on scored.product_key = products.product_key
    left join top_reasons
        on
            scored.product_key = top_reasons.product_key
            and scored.sub_channel = top_reasons.sub_channel

)

select * from final
