with

source as (

    select * from {{ source('metabase', 'order_items') }}

),

orders as (

    select
        order_id,
        run_id
    from {{ ref('stg_desertcart__orders') }}

),

renamed as (

    select
        ---------- keys
        order_item_id,
        order_id,
        product_id,
        upper(nullif(trim(sku), '')) as sku,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(product_name), '') as product_name,
        nullif(trim(status), '') as item_status,

        ---------- amounts
        {{ safe_cast('quantity', 'bigint') }} as quantity,
        {{ safe_cast('cancelled_quantity', 'bigint') }} as cancelled_quantity,
        {{ safe_cast('unit_amount', 'bigint') }} as unit_amount,
        {{ safe_cast('discount_amount', 'bigint') }} as discount_amount,
        {{ safe_cast('line_amount', 'bigint') }} as line_amount,
        upper(nullif(trim(currency), '')) as currency,

        ---------- flags
        coalesce({{ safe_cast('is_gift_card', 'boolean') }}, false) as is_gift_card,

        ---------- times
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at

    from source

),

in_force as (

    {{ desertcart_children_in_force('order_item_id') }}

)

select * from in_force
