with

source as (

    select * from {{ source('marketplace', 'rejects') }}

),

renamed as (

    -- The raw text of the row stays in the raw folder: it may hold names and addresses.
    select
        ---------- keys
        _file_sha256 as file_sha256,
        _row_number as row_number,

        ---------- attributes
        lower(sub_channel) as sub_channel,
        layout,
        reason_code,
        field

    from source

)

select * from renamed
