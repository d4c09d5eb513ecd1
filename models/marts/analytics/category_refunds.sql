with

categories as (

    select * from {{ ref('int_scores__categories') }}

),

top_products as (

    select * from {{ ref('int_scores__top_products') }}

),

counts as (

    select
        *,
        sub_channel as peer_group,
        lines_sold as trials,
        lines_refunded as hits,
        expected_lines_refunded as expected_hits
    from categories

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
        top_products.products,
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

        ---------- the product behind it
        top_products.top_product_key,
        {{ rate('top_products.lines_refunded', 'scored.hits') }} as top_product_share,

        ---------- rank: money at stake times probability
        scored.stake_rank as refund_rank

    from scored
    inner join top_products
        on
            scored.category = top_products.category
            and scored.sub_channel = top_products.sub_channel

)

select * from final
