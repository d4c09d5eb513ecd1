-- Any shop is a sub-channel by its handle; its zone and currency are what it says itself.
with

shops as (

    select * from {{ ref('stg_shopify__shops') }}

),

final as (

    select
        'shopify' as channel,
        sub_channel,
        coalesce(shop_name, sub_channel) as label,
        time_zone,
        currency as default_currency,
        true as knows_customers
    from shops

)

select * from final
