with

listed as (

    select
        channel,
        sub_channel,
        label,
        time_zone,
        default_currency,
        knows_customers
    from {{ ref('sub_channels') }}

),

shops as (

    select * from {{ ref('int_shopify__sub_channels') }}

),

-- What the owner wrote down goes before what a shop says of itself.
final as (

    select * from listed

    union all

    select shops.*
    from shops
    left join listed
        on shops.sub_channel = listed.sub_channel
    where listed.sub_channel is null

)

select * from final
