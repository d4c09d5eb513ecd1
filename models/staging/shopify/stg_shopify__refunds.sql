with

source as (

    select * from {{ source('shopify', 'refunds') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'refund_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        refund_id,
        nullif(trim(return_id), '') as return_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(note), '') as note,
        upper(nullif(trim(currency), '')) as currency,
        upper(nullif(trim(presentment_currency), '')) as presentment_currency,

        ---------- amounts
        {{ safe_cast('total_refunded_shop_amount', 'decimal(18, 4)') }}
            as total_refunded_shop_amount,
        {{ safe_cast('total_refunded_presentment_amount', 'decimal(18, 4)') }}
            as total_refunded_presentment_amount,

        ---------- times
        {{ utc_moment('created_at', "'UTC'") }} as created_at,
        {{ utc_moment('processed_at', "'UTC'") }} as processed_at,
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at

    from in_force

)

select * from renamed
