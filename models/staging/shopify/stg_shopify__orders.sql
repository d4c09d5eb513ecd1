{{ config(materialized='table') }}

with

source as (

    select * from {{ source('shopify', 'orders') }}

),

in_force as (

    -- Runs follow each other, so the newest run has the newest version.
    select * from source
    qualify
        row_number() over (
            partition by store, order_id
            order by _run_id desc, updated_at desc, _extracted_at desc
        ) = 1

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        nullif(trim(customer_id), '') as customer_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(order_name), '') as order_name,
        upper(nullif(trim(cancel_reason), '')) as cancel_reason,
        nullif(trim(source_name), '') as source_name,
        upper(nullif(trim(financial_status), '')) as financial_status,
        upper(nullif(trim(fulfillment_status), '')) as fulfillment_status,
        upper(nullif(trim(return_status), '')) as return_status,
        lower(nullif(trim(email), '')) as email,
        nullif(trim(phone), '') as phone,
        upper(nullif(trim(currency), '')) as currency,
        upper(nullif(trim(presentment_currency), '')) as presentment_currency,

        ---------- amounts
        {{ safe_cast('total_shop_amount', 'decimal(18, 4)') }} as total_shop_amount,
        {{ safe_cast('total_presentment_amount', 'decimal(18, 4)') }} as total_presentment_amount,
        {{ safe_cast('current_total_shop_amount', 'decimal(18, 4)') }} as current_total_shop_amount,
        {{ safe_cast('total_received_shop_amount', 'decimal(18, 4)') }}
            as total_received_shop_amount,
        {{ safe_cast('total_refunded_shop_amount', 'decimal(18, 4)') }}
            as total_refunded_shop_amount,
        {{ safe_cast('total_shipping_shop_amount', 'decimal(18, 4)') }}
            as total_shipping_shop_amount,
        {{ safe_cast('total_tax_shop_amount', 'decimal(18, 4)') }} as total_tax_shop_amount,
        {{ safe_cast('total_discounts_shop_amount', 'decimal(18, 4)') }}
            as total_discounts_shop_amount,

        ---------- flags
        {{ safe_cast('is_test', 'boolean') }} as is_test,
        {{ safe_cast('is_edited', 'boolean') }} as is_edited,
        {{ safe_cast('taxes_included', 'boolean') }} as taxes_included,

        ---------- times
        {{ utc_moment('created_at', "'UTC'") }} as created_at,
        {{ utc_moment('processed_at', "'UTC'") }} as processed_at,
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at,
        {{ utc_moment('closed_at', "'UTC'") }} as closed_at,
        {{ utc_moment('cancelled_at', "'UTC'") }} as cancelled_at,
        _extracted_at as extracted_at

    from in_force

)

select * from renamed
