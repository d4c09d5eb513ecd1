with

return_lines as (

    select * from {{ ref('int_returns__unioned') }}

),

reasons as (

    select * from {{ ref('int_reasons__classified') }}

),

notes as (

    select * from {{ ref('int_reasons__notes') }}

),

final as (

    select
        ---------- keys
        return_lines.return_item_key,
        return_lines.return_id,
        return_lines.order_key,
        return_lines.order_item_key,
        return_lines.product_key,
        return_lines.user_key,

        ---------- attributes
        return_lines.channel,
        return_lines.sub_channel,
        return_lines.return_status,
        return_lines.refund_kind,
        return_lines.raw_reason,
        coalesce(notes.reason, reasons.reason) as reason,
        coalesce(notes.reason_category, reasons.reason_category) as reason_category,
        coalesce(notes.reason_match, reasons.reason_match) as reason_match,
        coalesce(notes.reason_rule, reasons.reason_rule) as reason_rule,
        return_lines.reported_order_id,
        return_lines.source_batch,

        ---------- amounts
        cast(return_lines.units_returned as bigint) as units_returned,

        ---------- flags
        -- Neither declined nor withdrawn, not kept, not an undelivered parcel.
        (
            return_lines.return_status not in ('declined', 'cancelled')
            and return_lines.refund_kind in ('return', 'exchange')
            and return_lines.units_returned > 0
        ) as is_customer_return,

        ---------- times
        return_lines.requested_at,
        return_lines.received_at

    from return_lines
    inner join reasons
        on
            return_lines.reason_vocabulary = reasons.reason_vocabulary
            and return_lines.raw_reason is not distinct from reasons.raw_reason
    -- The second chance, only where the reason itself names no cause.
    left join notes
        on
            reasons.takes_note
            and return_lines.reason_note = notes.reason_note

)

select * from final
