with

alerts as (

    select * from {{ ref('int_order_alerts__raised') }}

),

final as (

    select
        order_key,
        -- The worst alert names the order; what is at stake overlaps, so it is not added up.
        arg_min(severity, (severity_rank, sort_order)) as severity,
        min(severity_rank) as severity_rank,
        arg_min(alert_type, (severity_rank, sort_order)) as alert_type,
        string_agg(alert_type, ', ' order by severity_rank asc, sort_order asc) as alert_types,
        string_agg(evidence, '; ' order by severity_rank asc, sort_order asc) as evidence,
        count(*) as alerts,
        max(money_at_stake_usd) as money_at_stake_usd,
        min(alerted_at) as alerted_at
    from alerts
    group by order_key

)

select * from final
