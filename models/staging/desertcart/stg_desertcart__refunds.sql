with

source as (

    select * from {{ source('metabase', 'refunds') }}

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
        refund_id,
        order_id,
        customer_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(status), '') as refund_status,
        nullif(trim(refund_type), '') as refund_type,
        nullif(trim(reason), '') as reason,
        nullif(trim(note), '') as note,

        ---------- amounts
        {{ safe_cast('amount', 'bigint') }} as amount,
        {{ safe_cast('shipping_amount', 'bigint') }} as shipping_amount,
        upper(nullif(trim(currency), '')) as currency,

        ---------- times
        {{ utc_moment('requested_at', "'UTC'") }} as requested_at,
        {{ utc_moment('refunded_at', "'UTC'") }} as refunded_at,
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at

    from source

),

in_force as (

    {{ desertcart_children_in_force('refund_id') }}

)

select * from in_force
