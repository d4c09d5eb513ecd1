{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('int_refunds__unioned') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

-- Refunds that name no order, of customers we know.
pops as (

    select
        sub_channel,
        user_key,
        product_key,
        refunded_at as happened_at,
        'pop' as event,
        refund_line_key as event_key,
        units_refunded as units
    from refunds
    where
        reported_order_id is null
        and user_key is not null
        and product_key is not null
        and units_refunded > 0

),

stacks as (

    select distinct
        sub_channel,
        user_key,
        product_key
    from pops

),

pushes as (

    select
        order_lines.sub_channel,
        order_lines.user_key,
        order_lines.product_key,
        order_lines.ordered_at as happened_at,
        'push' as event,
        order_lines.order_item_key as event_key,
        order_lines.units_sold as units
    from order_lines
    inner join stacks
        on
            order_lines.sub_channel = stacks.sub_channel
            and order_lines.user_key = stacks.user_key
            and order_lines.product_key = stacks.product_key
    where order_lines.units_sold > 0

),

events as (

    select * from pops
    union all
    select * from pushes

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
