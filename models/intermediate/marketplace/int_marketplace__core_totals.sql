with

order_items as (

    select * from {{ ref('order_items') }}
    where channel = 'marketplace'

),

return_items as (

    select * from {{ ref('return_items') }}
    where channel = 'marketplace'

),

-- Parcels that the order's status calls undelivered are derived, not rows of a returns report.
refund_items as (

    select * from {{ ref('refund_items') }}
    where channel = 'marketplace' and record_type != 'order_lines'

),

core_rows as (

    select
        record_type,
        sub_channel,
        source_batch,
        count(*) as row_count,
        sum(units_ordered) as units,
        sum(ordered_amount) as amount
    from order_items
    group by record_type, sub_channel, source_batch

    union all

    select
        'return_lines' as record_type,
        sub_channel,
        source_batch,
        count(*) as row_count,
        sum(units_returned) as units,
        0 as amount
    from return_items
    group by sub_channel, source_batch

    union all

    -- Ledger refunds are rows of their own and signed; report refunds add money to return rows.
    select
        record_type,
        sub_channel,
        source_batch,
        count(distinct refund_line_key) filter (where record_type = 'ledger_lines') as row_count,
        coalesce(-sum(units_refunded) filter (where record_type = 'ledger_lines'), 0) as units,
        coalesce(
            sum(case when record_type = 'ledger_lines' then -1 else 1 end * refund_amount), 0
        ) as amount
    from refund_items
    group by record_type, sub_channel, source_batch

),

core_totals as (

    select
        record_type,
        sub_channel,
        source_batch,
        sum(row_count) as row_count,
        sum(units) as units,
        sum(amount) as amount
    from core_rows
    group by record_type, sub_channel, source_batch

)

select * from core_totals
