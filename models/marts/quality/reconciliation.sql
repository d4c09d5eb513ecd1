with

file_versions as (

    select * from {{ ref('int_marketplace__file_versions') }}

),

raw_totals as (

    select * from {{ ref('int_marketplace__raw_totals') }}

),

dispositions as (

    select * from {{ ref('int_marketplace__row_dispositions') }}

),

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

staging_totals as (

    select
        record_type,
        sub_channel,
        file_sha256,
        count(*) as row_count,
        coalesce(sum(units), 0) as units,
        coalesce(sum(amount), 0) as amount,
        count(*) filter (where are_units_excluded and is_amount_excluded) as excluded_row_count,
        coalesce(sum(units) filter (where are_units_excluded), 0) as excluded_units,
        coalesce(sum(amount) filter (where is_amount_excluded), 0) as excluded_amount
    from dispositions
    group by record_type, sub_channel, file_sha256

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

),

final as (

    select
        'marketplace' as source,
        file_versions.sub_channel,
        file_versions.table_name as record_type,
        file_versions.source_batch,
        file_versions.file_sha256 as batch_id,
        file_versions.is_in_force,

        ---------- rows
        cast(file_versions.rows_in as bigint) as rows_in_source,
        cast(file_versions.rows_rejected as bigint) as rows_rejected,
        cast(coalesce(raw_totals.row_count, 0) as bigint) as rows_raw,
        cast(coalesce(staging_totals.row_count, 0) as bigint) as rows_staging,
        cast(coalesce(staging_totals.excluded_row_count, 0) as bigint) as rows_excluded,
        cast(coalesce(core_totals.row_count, 0) as bigint) as rows_core,

        ---------- units
        cast(coalesce(raw_totals.units, 0) as bigint) as units_raw,
        cast(coalesce(staging_totals.units, 0) as bigint) as units_staging,
        cast(coalesce(staging_totals.excluded_units, 0) as bigint) as units_excluded,
        cast(coalesce(core_totals.units, 0) as bigint) as units_core,

        ---------- amounts
        cast(coalesce(raw_totals.amount, 0) as decimal(18, 4)) as amount_raw,
        cast(coalesce(staging_totals.amount, 0) as decimal(18, 4)) as amount_staging,
        cast(coalesce(staging_totals.excluded_amount, 0) as decimal(18, 4)) as amount_excluded,
        cast(coalesce(core_totals.amount, 0) as decimal(18, 4)) as amount_core

    from file_versions
    left join raw_totals
        on
            file_versions.sub_channel = raw_totals.sub_channel
            and file_versions.file_sha256 = raw_totals.file_sha256
    left join staging_totals
        on
            file_versions.sub_channel = staging_totals.sub_channel
            and file_versions.file_sha256 = staging_totals.file_sha256
    -- A path has one content in force, so what core holds of a path is of that content.
    left join core_totals
        on
            file_versions.is_in_force
            and file_versions.sub_channel = core_totals.sub_channel
            and file_versions.source_batch = core_totals.source_batch

),

judged as (

    select
        *,
        (
            rows_in_source = rows_raw + rows_rejected
            and rows_raw = rows_staging
            and rows_staging = rows_core + rows_excluded
            and units_raw = units_staging
            and units_staging = units_core + units_excluded
            and amount_raw = amount_staging
            and amount_staging = amount_core + amount_excluded
        ) as is_reconciled
    from final

)

select * from judged
