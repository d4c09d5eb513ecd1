with

resolutions as (

    select * from {{ ref('order_resolutions') }}
    where resolution_state != 'resolved' and alerts > 0

),

measures as (

    select * from {{ ref('int_orders__alert_measures') }}

),

rules as (

    select * from {{ ref('alert_rules') }}

),

final as (

    select
        ---------- rank: money first, then how bad it is, then who has waited longest
        row_number() over (
            order by
                resolutions.money_at_stake_usd desc nulls last,
                case resolutions.severity when 'critical' then 1 when 'high' then 2 else 3 end asc,
                resolutions.waiting_since asc nulls last,
                resolutions.order_key asc
        ) as priority,

        ---------- keys
        resolutions.order_key,
        resolutions.user_key,

        ---------- attributes
        resolutions.channel,
        resolutions.sub_channel,
        resolutions.order_id,
        resolutions.order_name,
        resolutions.resolution_state,
        resolutions.severity,
        resolutions.alert_type,
        rules.label as alert_label,
        resolutions.alert_types,
        resolutions.evidence,
        rules.advice,
        resolutions.assignee,
        resolutions.reason_code as earlier_reason_code,
        measures.top_reason,
        measures.top_reason_category,
        resolutions.evidence_hash,

        ---------- amounts
        resolutions.money_at_stake_usd,
        cast(measures.units_sold as bigint) as units_sold,
        cast(coalesce(measures.units_refunded, 0) as bigint) as units_refunded,
        cast(coalesce(measures.units_over_refunded, 0) as bigint) as units_over_refunded,
        measures.sales_usd,
        resolutions.refund_usd,
        measures.over_refunded_usd,
        cast(coalesce(measures.repeated_refunds, 0) as bigint) as repeated_refunds,
        cast(measures.kept_refund_usd as decimal(18, 4)) as kept_refund_usd,
        cast(measures.undelivered_refund_usd as decimal(18, 4)) as undelivered_refund_usd,
        cast(measures.unmapped_refund_usd as decimal(18, 4)) as unmapped_refund_usd,
        cast(coalesce(measures.open_returns, 0) as bigint) as open_returns,
        resolutions.decisions,
        resolutions.age_days,

        ---------- flags
        measures.is_candidate,

        ---------- times
        measures.ordered_at,
        measures.last_refunded_at,
        resolutions.decided_at,
        resolutions.waiting_since

    from resolutions
    inner join measures
        on resolutions.order_key = measures.order_key
    left join rules
        on resolutions.alert_type = rules.alert_type

)

select * from final
