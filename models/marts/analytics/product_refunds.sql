with

products as (

    select * from {{ ref('products') }}

),

order_items as (

    select * from {{ ref('order_items') }}
    where product_key is not null

),

top_reasons as (

    select * from {{ ref('int_refunds__top_reasons') }}

),

product_totals as (

    select
        product_key,
        count(distinct order_key) as orders,
        sum(units_ordered) as units_ordered,
        sum(units_cancelled) as units_cancelled,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from order_items
    group by product_key

),

-- Only the entrance: below it a product is not ranked, above it the interval does the work.
ranked_products as (

    select * from product_totals
    where units_sold >= {{ var('min_product_units') }}

),

final as (

    select
        ---------- keys
        ranked_products.product_key,
        products.sku,

        ---------- attributes
        products.product_name,
        products.category,
        products.brand,
        products.sub_channels,

        ---------- amounts
        ranked_products.orders,
        cast(ranked_products.units_ordered as bigint) as units_ordered,
        cast(ranked_products.units_cancelled as bigint) as units_cancelled,
        cast(ranked_products.units_sold as bigint) as units_sold,
        cast(ranked_products.units_refunded as bigint) as units_refunded,
        cast(ranked_products.sales_usd as decimal(18, 4)) as sales_usd,
        cast(ranked_products.refund_usd as decimal(18, 4)) as refund_usd,

        ---------- rates
        {{ rate('ranked_products.units_refunded', 'ranked_products.units_sold') }} as refund_rate,
        {{ wilson_bound(
            'ranked_products.units_refunded', 'ranked_products.units_sold', 'lower'
        ) }} as refund_rate_lower,
        {{ wilson_bound(
            'ranked_products.units_refunded', 'ranked_products.units_sold', 'upper'
        ) }} as refund_rate_upper,
        {{ rate('ranked_products.refund_usd', 'ranked_products.sales_usd') }} as refund_value_rate,

        ---------- reasons
        top_reasons.top_reason,
        top_reasons.top_reason_category,
        top_reasons.our_fault_share,

        ---------- rank: what the rate is at least, so that 2 of 2 does not lead
        row_number() over (
            order by
                {{ wilson_bound(
                    'ranked_products.units_refunded', 'ranked_products.units_sold', 'lower'
                ) }} desc,
                ranked_products.units_refunded desc,
                ranked_products.product_key asc
        ) as refund_rank

    from ranked_products
    inner join products
        on ranked_products.product_key = products.product_key
    left join top_reasons
        on ranked_products.product_key = top_reasons.product_key

)

select * from final
