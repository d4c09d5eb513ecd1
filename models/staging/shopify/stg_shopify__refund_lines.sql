{{ config(materialized='table') }}

with

source as (

    select * from {{ source('shopify', 'refund_lines') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'refund_line_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        refund_id,
        refund_line_id,
        order_line_id,
        _run_id as run_id,

        ---------- attributes
        upper(nullif(trim(restock_type), '')) as restock_type,
        upper(nullif(trim(currency), '')) as currency,
        upper(nullif(trim(presentment_currency), '')) as presentment_currency,

        ---------- amounts
        {{ safe_cast('quantity', 'integer') }} as quantity,
        {{ safe_cast('subtotal_shop_amount', 'decimal(18, 4)') }} as subtotal_shop_amount,
        {{ safe_cast('subtotal_presentment_amount', 'decimal(18, 4)') }}
            as subtotal_presentment_amount,
        {{ safe_cast('tax_shop_amount', 'decimal(18, 4)') }} as tax_shop_amount,
        {{ safe_cast('tax_presentment_amount', 'decimal(18, 4)') }} as tax_presentment_amount,

        ---------- flags
        {{ safe_cast('is_restocked', 'boolean') }} as is_restocked

    from in_force

)

select * from renamed
