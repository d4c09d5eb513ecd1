{{ config(materialized='table') }}

with

decisions as (

    select * from {{ ref('int_decisions__by_order') }}

),

reasons as (

    select * from {{ ref('resolution_reasons') }}

),

evidence as (

    select * from {{ ref('int_orders__refund_evidence') }}

),

final as (

    select
        decisions.*,
        case
            when decisions.event_action is null then 'open'
            when decisions.event_action = 'reopen' then 'reopened'
            when decisions.expires_at <= {{ as_of() }} then 'expired'
            when decisions.evidence_hash_at_decision != coalesce(evidence.evidence_hash, 'none')
                then 'changed'
            else 'resolved'
        end as resolution_state,
        reasons.label as reason_label,
        reasons.category_hint,
        coalesce(reasons.affects_metrics, false) as affects_metrics,
        evidence.last_refunded_at
    from decisions
    left join reasons
        on decisions.reason_code = reasons.reason_code
    left join evidence
        on decisions.order_key = evidence.order_key

)

select * from final
