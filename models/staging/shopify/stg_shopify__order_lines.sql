{{ config(materialized='table') }}

with

source as (

    select * from {{ source('shopify', 'order_lines') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'order_line_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        order_line_id,
        upper(nullif(trim(sku), '')) as sku,
        nullif(trim(product_id), '') as product_id,
        nullif(trim(variant_id), '') as variant_id,
        _run_id as run_id,

        ---------- attributes
        {{ safe_cast('position', 'integer') }} as line_number,
        nullif(trim(title), '') as title,
        nullif(trim(variant_title), '') as variant_title,
        nullif(trim(vendor), '') as vendor,
        nullif(trim(product_type), '') as product_type,
        upper(nullif(trim(currency), '')) as currency,
        upper(nullif(trim(presentment_currency), '')) as presentment_currency,

        ---------- amounts
        {{ safe_cast('quantity', 'integer') }} as quantity,
        {{ safe_cast('current_quantity', 'integer') }} as current_quantity,
        {{ safe_cast('unit_price_shop_amount', 'decimal(18, 4)') }} as unit_price_shop_amount,
        {{ safe_cast('unit_price_presentment_amount', 'decimal(18, 4)') }}
            as unit_price_presentment_amount,
        {{ safe_cast('line_shop_amount', 'decimal(18, 4)') }} as line_shop_amount,
        {{ safe_cast('line_presentment_amount', 'decimal(18, 4)') }} as line_presentment_amount,
        {{ safe_cast('discounted_unit_shop_amount', 'decimal(18, 4)') }}
            as discounted_unit_shop_amount,
        {{ safe_cast('discounted_unit_presentment_amount', 'decimal(18, 4)') }}
            as discounted_unit_presentment_amount,
        {{ safe_cast('discount_shop_amount', 'decimal(18, 4)') }} as discount_shop_amount,
        {{ safe_cast('discount_presentment_amount', 'decimal(18, 4)') }}
            as discount_presentment_amount,
        {{ safe_cast('tax_shop_amount', 'decimal(18, 4)') }} as tax_shop_amount,

        ---------- flags
        {{ safe_cast('is_gift_card', 'boolean') }} as is_gift_card,
        {{ safe_cast('requires_shipping', 'boolean') }} as requires_shipping

    from in_force

)

select * from renamed
