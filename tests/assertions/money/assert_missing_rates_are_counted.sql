-- Every order line and refund without USD stands in missing_rates; none is hidden behind a rate of
-- 1 or a currency that nobody knows.
with

known as (

    select
        source_system,
        currency
    from {{ ref('int_currency_units__by_source') }}
    where units_per_major is not null

),

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
    from {{ ref('order_items') }} as items
    left join known
        on items.channel = known.source_system and items.currency = known.currency
    where
        items.sales_usd is null
        and (items.sales_amount is not null or known.currency is null)

    union all

    select
        'refund_items' as table_name,
        count(*) as row_count
    from {{ ref('refund_items') }} as items
    left join known
        on items.channel = known.source_system and items.currency = known.currency
    where
        items.refund_usd is null
        and (items.refund_amount is not null or known.currency is null)

)

select
    found.table_name,
    found.row_count as rows_found,
    coalesce(listed.row_count, 0) as rows_listed
from found
left join listed
    on found.table_name = listed.table_name
where found.row_count != coalesce(listed.row_count, 0)
