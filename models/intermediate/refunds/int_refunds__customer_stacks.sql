{{ config(materialized='table') }}

with

events as (

    select * from {{ ref('int_refunds__customer_events') }}

),

running as (

    select
        *,
        dense_rank() over (order by sub_channel asc, user_key asc, product_key asc) as stack_id,
        -- At the same moment the sale comes before its cancellation.
        row_number() over in_time as event_number,
        sum(case when event = 'push' then units else -units end) over in_time as net_units
    from events
    window in_time as (
        partition by sub_channel, user_key, product_key
        order by happened_at asc, event desc, event_key asc
        rows between unbounded preceding and current row
    )

),

-- Units in the customer's hands. A refund of units bought before our data began must not borrow
-- from later sales: lifting the sum by its lowest point so far holds the balance at zero or above.
balances as (

    select
        *,
        net_units - least(
            0, min(net_units) over (
                partition by stack_id
                order by event_number asc
                rows between unbounded preceding and current row
            )
        ) as balance
    from running

),

steps as (

    select
        *,
        lag(balance, 1, 0) over (
            partition by stack_id
            order by event_number asc
        ) as previous_balance
    from balances

),

final as (

    select
        stack_id,
        event_number,
        event,
        event_key,
        happened_at,
        least(balance, previous_balance) as level_from,
        greatest(balance, previous_balance) as level_to
    from steps

)

select * from final
