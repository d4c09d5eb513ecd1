with

source as (

    select * from {{ source('shopify', 'return_lines') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'return_line_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        return_id,
        return_line_id,
        nullif(trim(order_line_id), '') as order_line_id,
        nullif(trim(fulfillment_line_id), '') as fulfillment_line_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(line_type), '') as line_type,
        upper(nullif(trim(return_reason), '')) as return_reason,
        lower(nullif(trim(reason_handle), '')) as reason_handle,
        nullif(trim(reason_name), '') as reason_name,
        nullif(trim(reason_note), '') as reason_note,
        nullif(trim(customer_note), '') as customer_note,

        ---------- amounts
        {{ safe_cast('quantity', 'integer') }} as quantity,
        {{ safe_cast('processed_quantity', 'integer') }} as processed_quantity,
        {{ safe_cast('refunded_quantity', 'integer') }} as refunded_quantity,
        {{ safe_cast('refundable_quantity', 'integer') }} as refundable_quantity

    from in_force

)

select * from renamed
