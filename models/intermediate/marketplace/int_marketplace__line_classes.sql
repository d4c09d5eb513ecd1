with

order_skus as (

    select distinct
        sub_channel,
        sku
    from {{ ref('stg_marketplace__order_lines') }}
    where sku is not null

),

ledger_skus as (

    select distinct
        sub_channel,
        sku
    from {{ ref('stg_marketplace__ledger_lines') }}
    where sku is not null

),

return_skus as (

    select distinct
        sub_channel,
        sku
    from {{ ref('stg_marketplace__return_lines') }}
    where sku is not null

),

patterns as (

    select * from {{ ref('non_product_skus') }}

),

skus as (

    select * from order_skus
    union
    select * from ledger_skus
    union
    select * from return_skus

),

-- The pattern of the sub-channel itself goes before one for any; then the seed's own order.
final as (

    select
        skus.sub_channel,
        skus.sku,
        patterns.line_class,
        patterns.refund_component
    from skus
    inner join patterns
        on
            patterns.sub_channel in (skus.sub_channel, 'any')
            and regexp_full_match(skus.sku, upper(patterns.sku_pattern))
    qualify
        row_number() over (
            partition by skus.sub_channel, skus.sku
            order by patterns.sub_channel = 'any' asc, patterns.sku_pattern asc
        ) = 1

)

select * from final
