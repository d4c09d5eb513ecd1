with

source as (

    select * from {{ source('rates', 'ecb_rates') }}

),

renamed as (

    select
        ---------- keys
        upper(currency) as currency,
        cast(rate_date as date) as rate_date,
        _run_id as run_id,

        ---------- amounts
        {{ safe_cast('units_per_eur', 'decimal(18, 8)') }} as units_per_eur

    from source

)

select * from renamed
