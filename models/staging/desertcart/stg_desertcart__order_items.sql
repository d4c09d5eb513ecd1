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

-- An order lands with all that belongs to it: what its newest landing does not hold is gone.
in_force as (

    select renamed.*
    from renamed
    left join orders
        on renamed.order_id = orders.order_id
    where renamed.run_id = orders.run_id or orders.run_id is null

),

-- Moved to another order, it is still in the newest landing of the first: the later one counts.
latest as (

    select * from in_force
    qualify
        row_number() over (
            partition by order_item_id
            order by run_id desc, updated_at desc
        ) = 1

)

select * from latest
