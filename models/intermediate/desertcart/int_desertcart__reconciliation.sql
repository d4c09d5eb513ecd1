with

raw_totals as (

    select * from {{ ref('int_desertcart__raw_totals') }}

),

dispositions as (

    select * from {{ ref('int_desertcart__row_dispositions') }}

),

core_totals as (

    select * from {{ ref('int_desertcart__core_totals') }}

),

staging_totals as (

    select
        record_type,
        source_batch,
        count(*) as row_count,
        sum(units) as units,
        sum(amount) as amount,
        count(*) filter (where is_row_excluded) as excluded_row_count,
        sum(excluded_units) as excluded_units,
        sum(excluded_amount) as excluded_amount
    from dispositions
    group by record_type, source_batch

),

batches as (

    select
        record_type,
        source_batch
    from raw_totals

    union

    select
        record_type,
        source_batch
    from staging_totals

    union

    select
        record_type,
        source_batch
    from core_totals

),

final as (

    select
        'desertcart' as source,
        'desertcart' as sub_channel,
        batches.record_type,
        batches.source_batch,
        batches.source_batch as batch_id,
        true as is_in_force,

        ---------- rows, units and amounts
        cast(coalesce(raw_totals.row_count, 0) as bigint) as rows_in_source,
        cast(0 as bigint) as rows_rejected,
        {{ reconciled_totals() }}

    from batches
    left join raw_totals
        on batches.source_batch = raw_totals.source_batch
    left join staging_totals
        on batches.source_batch = staging_totals.source_batch
    left join core_totals
        on batches.source_batch = core_totals.source_batch

)

select * from final
