with

source as (

    select * from {{ source('shopify', 'return_reasons') }}

),

in_force as (

    select * from source
    qualify
        row_number() over (
            partition by store, reason_id
            order by _run_id desc, _extracted_at desc
        ) = 1

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        reason_id,
        _run_id as run_id,

        ---------- attributes
        lower(nullif(trim(handle), '')) as handle,
        nullif(trim(name), '') as name,

        ---------- flags
        {{ safe_cast('is_deleted', 'boolean') }} as is_deleted

    from in_force

)

select * from renamed
