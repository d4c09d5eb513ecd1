-- An order is in the queue or resolved, never both; and what is resolved is in no scan.
with

resolved as (

    select order_key
    from {{ ref('orders') }}
    where resolution_state = 'resolved'

),

queued as (

    select order_key
    from {{ ref('decision_queue') }}

),

left_out as (

    select sum(row_count) as row_count
    from {{ ref('exclusions') }}
    where left_out_of = 'scans'

),

resolved_and_queued as (

    select count(*) as orders
    from resolved
    inner join queued
        on resolved.order_key = queued.order_key

),

resolved_total as (

    select count(*) as orders
    from resolved

)

select
    resolved_and_queued.orders as orders_resolved_and_queued,
    resolved_total.orders as orders_resolved,
    left_out.row_count as orders_left_out
from resolved_and_queued
cross join resolved_total
cross join left_out
where
    resolved_and_queued.orders > 0
    or resolved_total.orders != coalesce(left_out.row_count, 0)
