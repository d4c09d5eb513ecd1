-- One reason a return line: the handle, else the older enumeration. Where these say nothing, what
-- was written beside them has a second chance.
with

return_lines as (

    select * from {{ ref('stg_shopify__return_lines') }}

),

read_reasons as (

    select
        sub_channel,
        order_id,
        return_line_id,
        coalesce(reason_handle, return_reason) as reason_code,
        coalesce(reason_note, customer_note) as reason_text,
        coalesce(lower(coalesce(reason_handle, return_reason)), 'unknown')
        in ('other', 'other-reason', 'unknown') as is_code_silent
    from return_lines

),

final as (

    select
        sub_channel,
        order_id,
        return_line_id,
        case
            when is_code_silent then coalesce(reason_text, reason_code)
            else reason_code
        end as raw_reason,
        case
            when is_code_silent and reason_text is not null then 'any'
            else 'shopify_returns'
        end as layout
    from read_reasons

)

select * from final
