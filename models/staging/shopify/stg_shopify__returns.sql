with

source as (

    select * from {{ source('shopify', 'returns') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

in_force as (

    {{ shopify_children_in_force(['store', 'order_id', 'return_id']) }}

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        order_id,
        return_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(return_name), '') as return_name,
        upper(nullif(trim(status), '')) as status,
        upper(nullif(trim(decline_reason), '')) as decline_reason,
        nullif(trim(decline_note), '') as decline_note,

        ---------- amounts
        {{ safe_cast('total_quantity', 'integer') }} as total_quantity,

        ---------- times
        {{ utc_moment('created_at', "'UTC'") }} as created_at,
        {{ utc_moment('request_approved_at', "'UTC'") }} as request_approved_at,
        {{ utc_moment('closed_at', "'UTC'") }} as closed_at

    from in_force

)

select * from renamed
