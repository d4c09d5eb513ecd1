with

file_versions as (

    select * from {{ ref('int_marketplace__file_versions') }}

),

raw_totals as (

    select * from {{ ref('int_marketplace__raw_totals') }}

),

staging_totals as (

    select * from {{ ref('int_marketplace__staged_totals') }}

),

core_totals as (

    select * from {{ ref('int_marketplace__core_totals') }}

),

final as (

    select
        'marketplace' as source,
        file_versions.sub_channel,
        file_versions.table_name as record_type,
        file_versions.source_batch,
        file_versions.file_sha256 as batch_id,
        file_versions.is_in_force,

        ---------- rows, units and amounts
        cast(file_versions.rows_in as bigint) as rows_in_source,
        cast(file_versions.rows_rejected as bigint) as rows_rejected,
        {{ reconciled_totals() }}

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

)

select * from final
