with

refunds as (

    select * from {{ ref('int_refunds__priced') }}

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
        refunds.refund_item_key,
        refunds.refund_line_key,
        refunds.refund_id,
        refunds.order_key,
        refunds.order_item_key,
        refunds.product_key,
        refunds.user_key,

        ---------- attributes
        refunds.channel,
        refunds.sub_channel,
        refunds.refund_kind,
        refunds.component,
        refunds.raw_reason,
        coalesce(notes.reason, reasons.reason) as reason,
        coalesce(notes.reason_category, reasons.reason_category) as reason_category,
        coalesce(notes.reason_match, reasons.reason_match) as reason_match,
        coalesce(notes.reason_rule, reasons.reason_rule) as reason_rule,
        refunds.match_level,
        refunds.match_method,
        refunds.units_basis,
        refunds.refunded_at_basis,
        refunds.reported_order_id,
        refunds.record_type,
        refunds.source_batch,

        ---------- amounts
        cast(refunds.units_refunded as bigint) as units_refunded,
        refunds.currency,
        refunds.refund_amount,
        refunds.refund_usd,
        refunds.refund_usd_at_refund_date,

        ---------- flags
        refunds.is_over_refund,
        -- Goods that were sold and came back, or were kept and paid back.
        refunds.refund_kind in ('return', 'refund_only') as is_in_refund_rate,

        ---------- times
        refunds.ordered_at,
        refunds.refunded_at,
        refunds.days_to_refund

    from refunds
    inner join reasons
        on
            refunds.reason_vocabulary = reasons.reason_vocabulary
            and refunds.raw_reason is not distinct from reasons.raw_reason
    -- The second chance, only where the reason itself names no cause.
    left join notes
        on
            reasons.takes_note
            and refunds.reason_note = notes.reason_note

)

select * from final
