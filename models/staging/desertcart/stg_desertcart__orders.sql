with

source as (

    select * from {{ source('metabase', 'orders') }}

),

renamed as (

    select
        ---------- keys
        order_id,
        customer_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(order_number), '') as order_name,
        nullif(trim(status), '') as order_status,

        ---------- amounts
        {{ safe_cast('items_amount', 'bigint') }} as items_amount,
        {{ safe_cast('discount_amount', 'bigint') }} as discount_amount,
        {{ safe_cast('shipping_amount', 'bigint') }} as shipping_amount,
        {{ safe_cast('tax_amount', 'bigint') }} as tax_amount,
        {{ safe_cast('total_amount', 'bigint') }} as total_amount,
        upper(nullif(trim(currency), '')) as currency,

        ---------- flags
        coalesce({{ safe_cast('is_test', 'boolean') }}, false) as is_test,

        ---------- times
        {{ utc_moment('ordered_at', "'UTC'") }} as ordered_at,
        {{ utc_moment('delivered_at', "'UTC'") }} as delivered_at,
        {{ utc_moment('cancelled_at', "'UTC'") }} as cancelled_at,
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at

    from source

),

-- Runs overlap, so that a change lands more than once: the last one counts.
latest as (

    select * from renamed
    qualify
        row_number() over (
            partition by order_id
            order by updated_at desc, run_id desc
        ) = 1

)

select * from latest
