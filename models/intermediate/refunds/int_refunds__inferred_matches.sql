{{ config(materialized='table') }}

with

levels as (

    select * from {{ ref('int_refunds__customer_stacks') }}

),

-- Last in, first out: a refund takes back the customer's latest purchase. Every level of the stack
-- is filled and emptied in turn, so the sale that a refund empties is the event just before it.
bounds as (

    select
        stack_id,
        level_from as bound
    from levels

    union

    select
        stack_id,
        level_to as bound
    from levels

),

segments as (

    select
        stack_id,
        bound as segment_from,
        lead(bound) over (
            partition by stack_id
            order by bound asc
        ) as segment_to
    from bounds

),

touches as (

    select
        levels.stack_id,
        levels.event,
        levels.event_key,
        segments.segment_to - segments.segment_from as units,
        segments.segment_from,
        lag(levels.event_key) over (
            partition by levels.stack_id, segments.segment_from
            order by levels.event_number asc
        ) as previous_event_key
    from levels
    inner join segments
        on
            levels.stack_id = segments.stack_id
            and levels.level_from <= segments.segment_from
            and levels.level_to > segments.segment_from

),

matched as (

    select
        event_key as refund_line_key,
        previous_event_key as order_item_key,
        sum(units) as units
    from touches
    where event = 'pop'
    group by event_key, previous_event_key

),

final as (

    select
        refund_line_key,
        order_item_key,
        sum(units) over refund_line - units as units_from,
        sum(units) over refund_line as units_to
    from matched
    window refund_line as (
        partition by refund_line_key
        order by order_item_key asc
        rows between unbounded preceding and current row
    )

)

select * from final
