with

return_lines as (

    select * from {{ ref('int_returns__unioned') }}

),

reasons as (

    select * from {{ ref('int_reasons__classified') }}

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
        reasons.reason,
        reasons.reason_category,
        reasons.reason_match,
        reasons.reason_rule,
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

)

select * from final
