with

source as (

    select * from {{ source('shopify', 'transactions') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'transaction_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        nullif(trim(refund_id), '') as refund_id,
        transaction_id,
        nullif(trim(parent_transaction_id), '') as parent_transaction_id,
        _run_id as run_id,

        ---------- attributes
        upper(nullif(trim(kind), '')) as kind,
        upper(nullif(trim(status), '')) as status,
        nullif(trim(gateway), '') as gateway,
        nullif(trim(error_code), '') as error_code,
        upper(nullif(trim(currency), '')) as currency,
        upper(nullif(trim(presentment_currency), '')) as presentment_currency,

        ---------- amounts
        {{ safe_cast('amount_shop_amount', 'decimal(18, 4)') }} as amount_shop_amount,
        {{ safe_cast('amount_presentment_amount', 'decimal(18, 4)') }} as amount_presentment_amount,

        ---------- flags
        {{ safe_cast('is_test', 'boolean') }} as is_test,

        ---------- times
        {{ utc_moment('created_at', "'UTC'") }} as created_at,
        {{ utc_moment('processed_at', "'UTC'") }} as processed_at

    from in_force

)

select * from renamed
