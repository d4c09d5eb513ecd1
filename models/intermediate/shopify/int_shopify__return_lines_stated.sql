-- Return lines with what the state of their return means, and one reason each: the handle, else the
-- older enumeration. Where these say nothing, what was written beside them has a second chance.
with

return_lines as (

    select
        *,
        coalesce(reason_handle, return_reason) as reason_code,
        coalesce(reason_note, customer_note) as reason_text,
        lower(coalesce(reason_handle, return_reason, 'unknown'))
        in ('other', 'other-reason', 'unknown') as is_code_silent
    from {{ ref('stg_shopify__return_lines') }}

),

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
        return_lines.sub_channel,
        return_lines.order_id,
        return_lines.return_id,
        return_lines.return_line_id,
        return_lines.order_line_id,
        return_lines.quantity,
        return_lines.processed_quantity,
        coalesce(state_own.return_status, state_any.return_status, 'unknown') as return_state,
        case
            when return_lines.is_code_silent
                then coalesce(return_lines.reason_text, return_lines.reason_code)
            else return_lines.reason_code
        end as raw_reason,
        case
            when return_lines.is_code_silent and return_lines.reason_text is not null then 'any'
            else 'shopify_returns'
        end as layout,
        returns.created_at as requested_at,
        returns.closed_at
    from return_lines
    inner join returns
        on
            return_lines.sub_channel = returns.sub_channel
            and return_lines.order_id = returns.order_id
            and return_lines.return_id = returns.return_id
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
