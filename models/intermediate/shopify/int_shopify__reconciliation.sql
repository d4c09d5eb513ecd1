with

raw_totals as (

    select * from {{ ref('int_shopify__raw_totals') }}

),

staging_totals as (

    select * from {{ ref('int_shopify__staged_totals') }}

),

core_totals as (

    select * from {{ ref('int_shopify__core_totals') }}

),

final as (

    select
        'shopify' as source,
        raw_totals.sub_channel,
        raw_totals.record_type,
        raw_totals.source_batch,
        raw_totals.source_batch as batch_id,
        true as is_in_force,

        ---------- rows
        cast(raw_totals.row_count as bigint) as rows_in_source,
        cast(0 as bigint) as rows_rejected,
        cast(raw_totals.row_count as bigint) as rows_raw,
        cast(coalesce(staging_totals.row_count, 0) as bigint) as rows_staging,
        cast(coalesce(staging_totals.excluded_row_count, 0) as bigint) as rows_excluded,
        cast(coalesce(core_totals.row_count, 0) as bigint) as rows_core,

        ---------- units
        cast(raw_totals.units as bigint) as units_raw,
        cast(coalesce(staging_totals.units, 0) as bigint) as units_staging,
        cast(coalesce(staging_totals.excluded_units, 0) as bigint) as units_excluded,
        cast(coalesce(core_totals.units, 0) as bigint) as units_core,

        ---------- amounts
        cast(raw_totals.amount as decimal(18, 4)) as amount_raw,
        cast(coalesce(staging_totals.amount, 0) as decimal(18, 4)) as amount_staging,
        cast(coalesce(staging_totals.excluded_amount, 0) as decimal(18, 4)) as amount_excluded,
        cast(coalesce(core_totals.amount, 0) as decimal(18, 4)) as amount_core

    from raw_totals
    left join staging_totals
        on
            raw_totals.sub_channel = staging_totals.sub_channel
            and raw_totals.source_batch = staging_totals.source_batch
    left join core_totals
        on
            raw_totals.sub_channel = core_totals.sub_channel
            and raw_totals.source_batch = core_totals.source_batch

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
