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
            partition by refund_id
            order by run_id desc, updated_at desc
        ) = 1

)

select * from latest
