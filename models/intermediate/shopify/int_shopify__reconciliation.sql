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

        ---------- rows, units and amounts
        cast(raw_totals.row_count as bigint) as rows_in_source,
        cast(0 as bigint) as rows_rejected,
        {{ reconciled_totals() }}

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
