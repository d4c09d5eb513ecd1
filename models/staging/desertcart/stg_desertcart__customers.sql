with

source as (

    select * from {{ source('metabase', 'customers') }}

),

renamed as (

    select
        ---------- keys
        customer_id,
        _run_id as run_id,

        ---------- attributes
        nullif(trim(full_name), '') as full_name,
        lower(nullif(trim(email), '')) as email,
        nullif(trim(phone), '') as phone,
        nullif(trim(country), '') as country,

        ---------- times
        {{ utc_moment('created_at', "'UTC'") }} as created_at,
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at

    from source

),

-- Runs overlap, so that a change lands more than once: the last one counts.
latest as (

    select * from renamed
    qualify
        row_number() over (
            partition by customer_id
            order by updated_at desc, run_id desc
        ) = 1

)

select * from latest
