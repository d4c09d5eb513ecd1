with

source as (

    select * from {{ source('shopify', 'shops') }}

),

in_force as (

    select * from source
    qualify
        row_number() over (
            partition by store
            order by _run_id desc, _extracted_at desc
        ) = 1

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        nullif(trim(shop_id), '') as shop_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(shop_name), '') as shop_name,
        upper(nullif(trim(currency), '')) as currency,
        nullif(trim(time_zone), '') as time_zone,
        nullif(trim(plan), '') as plan,
        lower(api) as api,
        nullif(trim(api_version), '') as api_version,
        nullif(trim(scopes), '') as scopes,

        ---------- times
        {{ utc_moment('oldest_order_at', "'UTC'") }} as oldest_order_at,
        _extracted_at as extracted_at

    from in_force

)

select * from renamed
