with

source as (

    select * from {{ source('shopify', 'exchange_lines') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'return_id', 'exchange_line_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        return_id,
        exchange_line_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(order_line_ids), '') as order_line_ids,

        ---------- amounts
        {{ safe_cast('quantity', 'integer') }} as quantity

    from in_force

)

select * from renamed
