with

source as (

    select * from {{ source('shopify', 'order_adjustments') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'refund_id', 'adjustment_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        refund_id,
        adjustment_id,
        _run_id as run_id,

        ---------- attributes
        upper(nullif(trim(kind), '')) as kind,
        upper(nullif(trim(reason), '')) as reason,
        upper(nullif(trim(currency), '')) as currency,
        upper(nullif(trim(presentment_currency), '')) as presentment_currency,

        ---------- amounts
        {{ safe_cast('amount_shop_amount', 'decimal(18, 4)') }} as amount_shop_amount,
        {{ safe_cast('amount_presentment_amount', 'decimal(18, 4)') }} as amount_presentment_amount,
        {{ safe_cast('tax_shop_amount', 'decimal(18, 4)') }} as tax_shop_amount,
        {{ safe_cast('tax_presentment_amount', 'decimal(18, 4)') }} as tax_presentment_amount

    from in_force

)

select * from renamed
