-- No join on the way from the union of channels to the core tables gains or loses a row.
with

counts as (

    select
        'order lines' as subject,
        (select count(*) from {{ ref('int_order_lines__unioned') }}) as rows_before,
        (select count(*) from {{ ref('order_items') }}) as rows_after

    union all

    select
        'refund pieces' as subject,
        (select count(*) from {{ ref('int_refunds__allocated') }}) as rows_before,
        (select count(*) from {{ ref('refund_items') }}) as rows_after

    union all

    select
        'return lines' as subject,
        (select count(*) from {{ ref('int_returns__unioned') }}) as rows_before,
        (select count(*) from {{ ref('return_items') }}) as rows_after

    union all

    select
        'orders' as subject,
        (select count(distinct order_key) from {{ ref('order_items') }}) as rows_before,
        (select count(*) from {{ ref('orders') }}) as rows_after

)

select *
from counts
where rows_before != rows_after
