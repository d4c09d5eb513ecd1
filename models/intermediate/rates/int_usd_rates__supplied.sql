with

owner_rates as (

    select * from {{ ref('stg_rates__owner_rates') }}

),

seeded_rates as (

    select * from {{ ref('currency_owner_rates') }}

),

-- A run holds the whole file, so a line that was taken out of it counts no more.
latest_owner_rates as (

    select * from owner_rates
    qualify run_id = max(run_id) over ()

),

unioned as (

    select
        currency,
        valid_from as rate_date,
        valid_to as stated_until,
        usd_per_unit,
        true as is_seeded
    from seeded_rates

    union all

    select
        currency,
        rate_date,
        cast(null as date) as stated_until,
        usd_per_unit,
        false as is_seeded
    from latest_owner_rates

),

-- The seed says why and until when: on the same day it goes before the file.
final as (

    select * exclude (is_seeded)
    from unioned
    qualify
        row_number() over (
            partition by currency, rate_date
            order by is_seeded desc
        ) = 1

)

select * from final
