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
            partition by refund_item_id
            order by run_id desc, updated_at desc
        ) = 1

)

select * from latest
