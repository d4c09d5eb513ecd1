-- Every order line and refund without USD stands in missing_rates; none is hidden behind a rate of
-- 1.
with

listed as (

    select
        table_name,
        sum(row_count) as row_count
    from {{ ref('missing_rates') }}
    group by table_name

),

found as (

    select
        'order_items' as table_name,
        count(*) as row_count
    from {{ ref('order_items') }}
    where sales_usd is null and sales_amount is not null

    union all

    select
        'refund_items' as table_name,
        count(*) as row_count
    from {{ ref('refund_items') }}
    where refund_usd is null and refund_amount is not null

)

select
    found.table_name,
    found.row_count as rows_found,
    coalesce(listed.row_count, 0) as rows_listed
from found
left join listed
    on found.table_name = listed.table_name
where found.row_count != coalesce(listed.row_count, 0)
