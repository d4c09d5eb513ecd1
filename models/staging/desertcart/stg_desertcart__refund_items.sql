with

source as (

    select * from {{ source('metabase', 'refund_items') }}

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
        refund_item_id,
        refund_id,
        order_id,
        order_item_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(reason), '') as reason,

        ---------- amounts
        {{ safe_cast('quantity', 'bigint') }} as quantity,
        {{ safe_cast('amount', 'bigint') }} as amount,

        ---------- flags
        coalesce({{ safe_cast('is_received', 'boolean') }}, false) as is_received,

        ---------- times
        {{ utc_moment('received_at', "'UTC'") }} as received_at,
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at

    from source

),

in_force as (

    {{ desertcart_children_in_force('refund_item_id') }}

)

select * from in_force
