with

catalogue as (

    select * from {{ ref('stg_desertcart__products') }}

),

keyed as (

    select
        *,
        {{ product_key('sku', 'product_id') }} as product_key
    from catalogue

),

-- Two products of one SKU: the one that changed last describes it.
final as (

    select
        product_key,
        sku,
        product_name,
        category,
        brand,
        updated_at
    from keyed
    qualify
        row_number() over (
            partition by product_key
            order by updated_at desc, product_id asc
        ) = 1

)

select * from final
