-- At most `max_missing_rate_share` of the rows that carry money have no USD rate.
with

missing as (

    select coalesce(sum(row_count), 0) as row_count
    from {{ ref('missing_rates') }}

),

order_rows as (

    select count(*) as row_count
    from {{ ref('order_items') }}

),

refund_rows as (

    select count(*) as row_count
    from {{ ref('refund_items') }}
    where refund_amount is not null

)

select
    missing.row_count as rows_without_rate,
    order_rows.row_count + refund_rows.row_count as rows_with_money
from missing
cross join order_rows
cross join refund_rows
where
    {{ rate('missing.row_count', 'order_rows.row_count + refund_rows.row_count') }}
    > {{ var('max_missing_rate_share') }}
