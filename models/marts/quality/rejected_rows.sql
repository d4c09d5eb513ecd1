with

rejects as (

    select * from {{ ref('stg_marketplace__rejects') }}

),

file_versions as (

    select * from {{ ref('int_marketplace__file_versions') }}

),

final as (

    select
        'marketplace' as source,
        rejects.sub_channel,
        file_versions.source_batch,
        rejects.row_number,
        rejects.layout,
        rejects.reason_code,
        rejects.field
    from rejects
    inner join file_versions
        on
            rejects.sub_channel = file_versions.sub_channel
            and rejects.file_sha256 = file_versions.file_sha256

)

select * from final
