with

source as (

    select * from {{ source('rates', 'owner_rates') }}

),

renamed as (

    select
        ---------- keys
        upper(trim(currency)) as currency,
        {{ safe_cast('rate_date', 'date') }} as rate_date,
        _run_id as run_id,

        ---------- amounts
        {{ safe_cast('usd_per_unit', 'decimal(18, 12)') }} as usd_per_unit

    from source

)

select * from renamed
