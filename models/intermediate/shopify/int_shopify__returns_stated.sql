with

returns as (

    select
        *,
        {{ status_key('status') }} as return_status_key
    from {{ ref('stg_shopify__returns') }}

),

return_states as (

    select * from {{ ref('return_states') }}

),

final as (

    select
        returns.sub_channel,
        returns.order_id,
        returns.return_id,
        returns.return_status_key,
        coalesce(
            state_own.return_status, state_any.return_status, 'unknown'
        ) as return_state,
        returns.created_at as requested_at,
        returns.closed_at
    from returns
    left join return_states as state_own
        on
            returns.sub_channel = state_own.sub_channel
            and returns.return_status_key = state_own.status_key
    left join return_states as state_any
        on
            state_any.sub_channel = 'any'
            and returns.return_status_key = state_any.status_key

)

select * from final
