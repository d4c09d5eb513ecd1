with

files as (

    select * from {{ ref('stg_marketplace__files') }}

),

readable as (

    select
        files.*,
        -- The content that a path held last: a correction may carry an older time than its error.
        row_number() over (
            partition by files.sub_channel, files.file_path
            order by files.run_id desc, files.file_sha256 asc
        ) = 1 as is_last_of_path
    from files
    where files.table_name is not null

),

contents as (

    select
        sub_channel,
        file_sha256,
        -- One name for a content that was dropped under several, whichever of them landed first.
        coalesce(
            min(file_path) filter (where is_last_of_path), min(file_path)
        ) as source_batch,
        min(layout) as layout,
        min(table_name) as table_name,
        min(replaces) as replaces,
        min(window_field) as window_field,
        bool_or(is_last_of_path) as is_in_force,
        max(file_modified_at) as modified_at,
        min(first_day) as first_day,
        max(last_day) as last_day,
        max(rows_in) as rows_in,
        max(rows_landed) as rows_landed,
        max(rows_rejected) as rows_rejected
    from readable
    group by sub_channel, file_sha256

),

final as (

    select
        contents.*,
        row_number() over (
            partition by contents.sub_channel, contents.table_name
            order by contents.modified_at asc, contents.source_batch asc, contents.file_sha256 asc
        ) as version_number
    from contents

)

select * from final
