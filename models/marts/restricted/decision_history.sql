with

events as (

    select * from {{ ref('int_decisions__events') }}
    where problem is null

),

final as (

    select
        ---------- keys
        event_id,
        subject_key as order_key,
        supersedes_event_id,

        ---------- attributes
        event_action,
        reason_code,
        reason_set_version,
        comment_text,
        assignee,
        actor,
        entered_through,
        evidence_hash,
        publication_id,

        ---------- amounts
        refund_usd_at_decision,
        cast(refunds_at_decision as bigint) as refunds_at_decision,

        ---------- times
        recorded_at,
        effective_at,
        expires_at

    from events

)

select * from final
