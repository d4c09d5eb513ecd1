{{ config(materialized='table') }}

{#
    The log as it was on `as_of`: a later event does not exist yet. What can't be applied keeps its
    row and says why, and changes nothing.
#}
with

events as (

    select * from {{ ref('stg_decisions__events') }}
    where effective_at is null or effective_at <= {{ as_of() }}

),

reasons as (

    select * from {{ ref('resolution_reasons') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

orders as (

    select distinct order_lines.order_key from order_lines

),

final as (

    select
        events.*,
        case
            when
                events.event_id is null
                or events.recorded_at is null
                or events.effective_at is null
                or events.event_action is null
                or events.event_action
                not in ('resolve', 'reopen', 'assign', 'comment')
                then 'not_a_decision'
            when
                events.idempotency_key is not null
                and row_number() over (
                    partition by events.idempotency_key
                    order by events.recorded_at asc, events.event_id asc
                ) > 1
                then 'repeated'
            when orders.order_key is null then 'order_not_held'
            when events.event_action = 'resolve' and reasons.reason_code is null
                then 'unknown_reason'
        end as problem
    from events
    left join orders
        on events.subject_key = orders.order_key
    left join reasons
        on events.reason_code = reasons.reason_code

)

select * from final
