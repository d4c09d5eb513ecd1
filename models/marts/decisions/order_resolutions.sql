with

measures as (

    select * from {{ ref('int_orders__alert_measures') }}

),

alerts as (

    select * from {{ ref('int_order_alerts__by_order') }}

),

resolutions as (

    select * from {{ ref('int_orders__resolutions') }}

),

evidence as (

    select * from {{ ref('int_orders__refund_evidence') }}

),

joined as (

    select
        measures.*,
        coalesce(resolutions.resolution_state, 'open') as resolution_state,
        resolutions.last_event_id,
        resolutions.reason_code,
        resolutions.reason_label,
        resolutions.reason_set_version,
        resolutions.previous_decision,
        resolutions.category_hint,
        coalesce(resolutions.affects_metrics, false) as affects_metrics,
        resolutions.assignee,
        coalesce(resolutions.decisions, 0) as decisions,
        resolutions.refund_usd_at_decision,
        resolutions.decided_at,
        resolutions.expires_at,
        coalesce(evidence.evidence_hash, 'none') as evidence_hash,
        alerts.severity,
        alerts.alert_type,
        alerts.alert_types,
        alerts.evidence,
        coalesce(alerts.alerts, 0) as alerts,
        alerts.money_at_stake_usd,
        -- What came back waits since it came back, not since it was first seen.
        case coalesce(resolutions.resolution_state, 'open')
            when 'reopened' then resolutions.decided_at
            when 'expired' then resolutions.expires_at
            when 'changed' then greatest(resolutions.decided_at, evidence.last_refunded_at)
            when 'open' then alerts.alerted_at
        end as waiting_since
    from measures
    left join alerts
        on measures.order_key = alerts.order_key
    left join resolutions
        on measures.order_key = resolutions.order_key
    left join evidence
        on measures.order_key = evidence.order_key
    where alerts.order_key is not null or resolutions.order_key is not null

),

final as (

    select
        ---------- keys
        order_key,
        user_key,
        last_event_id,

        ---------- attributes
        channel,
        sub_channel,
        order_id,
        order_name,
        resolution_state,
        reason_code,
        reason_label,
        reason_set_version,
        previous_decision,
        top_reason_category as reason_category_reported,
        category_hint as reason_category_decided,
        assignee,
        severity,
        alert_type,
        alert_types,
        evidence,
        evidence_hash,

        ---------- amounts
        cast(decisions as bigint) as decisions,
        cast(alerts as bigint) as alerts,
        money_at_stake_usd,
        cast(refund_usd as decimal(18, 4)) as refund_usd,
        refund_usd_at_decision,
        cast(
            date_diff('day', cast(waiting_since as date), cast({{ as_of() }} as date)) as bigint
        ) as age_days,

        ---------- flags
        affects_metrics,

        ---------- times
        decided_at,
        expires_at,
        waiting_since

    from joined

)

select * from final
