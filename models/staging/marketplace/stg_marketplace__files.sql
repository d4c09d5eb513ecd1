with

source as (

    select * from {{ source('marketplace', 'files') }}

),

renamed as (

    select
        ---------- keys
        file_sha256,
        _source_file as file_path,
        _run_id as run_id,

        ---------- attributes
        lower(sub_channel) as sub_channel,
        container,
        encoding,
        layout,
        table_name,
        replaces,
        window_field,
        status,

        ---------- amounts
        file_bytes,
        rows_in,
        rows_landed,
        rows_rejected,
        blank_lines,
        repeated_headers,

        ---------- times
        {{ safe_cast('first_day', 'date') }} as first_day,
        {{ safe_cast('last_day', 'date') }} as last_day,
        timezone('UTC', file_modified_at) as file_modified_at,
        timezone('UTC', _extracted_at) as extracted_at

    from source

)

select * from renamed
