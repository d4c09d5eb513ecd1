{{ config(materialized='table') }}

with

published as (

    select * from {{ ref('int_usd_rates__published') }}

),

supplied as (

    select * from {{ ref('int_usd_rates__supplied') }}

),

pegs as (

    select * from {{ ref('currency_pegs') }}

),

published_ranges as (

    select
        currency,
        rate_date,
        usd_per_unit,
        least(
            rate_date + {{ var('max_rate_age_days') }},
            -- The next rate of the currency ends this one.
            coalesce(
                lead(rate_date) over (partition by currency order by rate_date asc) - 1,
                cast('9999-12-31' as date)
            )
        ) as last_date
    from published

),

-- A rate serves from its own day on, at most max_rate_age_days unless its owner vouches for longer:
-- the last known one, never one from the future.
ranges as (

    select
        currency,
        rate_date as first_date,
        last_date,
        cast(null as date) as stated_until,
        usd_per_unit,
        'ecb' as rate_source,
        3 as precedence
    from published_ranges

    union all

    select
        currency,
        rate_date as first_date,
        coalesce(stated_until, rate_date + {{ var('max_rate_age_days') }}) as last_date,
        stated_until,
        usd_per_unit,
        'owner' as rate_source,
        2 as precedence
    from supplied

    union all

    select
        currency,
        valid_from as first_date,
        coalesce(valid_to, cast('9999-12-31' as date)) as last_date,
        valid_to as stated_until,
        1 / units_per_usd as usd_per_unit,
        'peg' as rate_source,
        1 as precedence
    from pegs

),

days as (

    select
        currency,
        cast(
            unnest(
                generate_series(
                    first_date,
                    least(last_date, cast({{ as_of() }} as date) + 1),
                    interval 1 day
                )
            ) as date
        ) as rate_date,
        first_date as published_date,
        stated_until,
        cast(usd_per_unit as decimal(18, 12)) as usd_per_unit,
        rate_source,
        precedence
    from ranges

),

final as (

    select * exclude (precedence)
    from days
    qualify
        row_number() over (
            partition by currency, rate_date
            order by precedence asc, published_date desc
        ) = 1

)

select * from final
