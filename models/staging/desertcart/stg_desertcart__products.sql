with

source as (

    select * from {{ source('metabase', 'products') }}

),

renamed as (

    select
        ---------- keys
        product_id,
        upper(nullif(trim(sku), '')) as sku,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(product_name), '') as product_name,
        nullif(trim(category), '') as category,
        nullif(trim(brand), '') as brand,

        ---------- times
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at

    from source

),

-- Runs overlap, so that a change lands more than once: the last one counts.
latest as (

    select * from renamed
    qualify
        row_number() over (
            partition by product_id
            order by updated_at desc, run_id desc
        ) = 1

)

select * from latest
