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

)

select * from final
