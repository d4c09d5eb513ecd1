with

source as (

    select * from {{ source('shopify', 'fulfillments') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'fulfillment_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        fulfillment_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(name), '') as name,
        upper(nullif(trim(status), '')) as status,
        upper(nullif(trim(display_status), '')) as display_status,

        ---------- amounts
        {{ safe_cast('total_quantity', 'integer') }} as total_quantity,

        ---------- times
        {{ utc_moment('created_at', "'UTC'") }} as created_at,
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at,
        {{ utc_moment('in_transit_at', "'UTC'") }} as in_transit_at,
        {{ utc_moment('delivered_at', "'UTC'") }} as delivered_at

    from in_force

)

select * from renamed
