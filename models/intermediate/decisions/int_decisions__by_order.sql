{{ config(materialized='table') }}

with

events as (

    select * from {{ ref('int_decisions__events') }}
    where problem is null

),

-- Of two people who decide at once the later one rules.
ranked as (

    select
        *,
        row_number() over (
            partition by subject_key
            order by recorded_at desc, event_id desc
        ) as place
    from events
    where event_action in ('resolve', 'reopen')

),

standing as (

    select * from ranked
    where place = 1

),

earlier as (

    select * from ranked
    where place = 2

),

assigned as (

    select
        subject_key,
        arg_max(assignee, (recorded_at, event_id)) as assignee
    from events
    where event_action = 'assign'
    group by subject_key

),

counted as (

    select
        subject_key,
        count(*) as events,
        count(*) filter (where event_action in ('resolve', 'reopen')) as decisions
    from events
    group by subject_key

),

final as (

    select
        ---------- keys
        counted.subject_key as order_key,
        standing.event_id as last_event_id,

        ---------- attributes
        standing.event_action,
        standing.reason_code,
        standing.reason_set_version,
        coalesce(earlier.reason_code, earlier.event_action) as previous_decision,
        assigned.assignee,
        standing.evidence_hash as evidence_hash_at_decision,

        ---------- amounts
        counted.events,
        counted.decisions,
        standing.refund_usd_at_decision,

        ---------- times
        standing.effective_at as decided_at,
        standing.expires_at

    from counted
    left join standing
        on counted.subject_key = standing.subject_key
    left join earlier
        on counted.subject_key = earlier.subject_key
    left join assigned
        on counted.subject_key = assigned.subject_key

)

select * from final
