{{ config(materialized='table') }}

with

ecb_rates as (

    select * from {{ ref('stg_rates__ecb_rates') }}

),

pegs as (

    select * from {{ ref('currency_pegs') }}

),

-- A later run may restate a day: its word counts.
latest_ecb_rates as (

    select
        currency,
        rate_date,
        arg_max(units_per_eur, run_id) as units_per_eur
    from ecb_rates
    where units_per_eur > 0
    group by currency, rate_date

),

usd_per_eur as (

    select
        rate_date,
        units_per_eur as usd_per_eur
    from latest_ecb_rates
    where currency = 'USD'

),

published as (

    select
        latest_ecb_rates.currency,
        latest_ecb_rates.rate_date,
        usd_per_eur.usd_per_eur / latest_ecb_rates.units_per_eur as usd_per_unit
    from latest_ecb_rates
    inner join usd_per_eur
        on latest_ecb_rates.rate_date = usd_per_eur.rate_date

    union all

    select
        'EUR' as currency,
        rate_date,
        cast(usd_per_eur as double) as usd_per_unit
    from usd_per_eur

),

-- A published rate serves from its own day until the next one, at most max_rate_age_days: the
-- last known rate, never one from the future.
published_ranges as (

    select
        currency,
        rate_date,
        usd_per_unit,
        least(
            cast(rate_date + {{ var('max_rate_age_days') }} as date),
            cast(
                coalesce(
                    lead(rate_date) over (partition by currency order by rate_date asc),
                    cast('9999-12-31' as date)
                ) - 1 as date
            )
        ) as last_date
    from published

),

pegged_ranges as (

    select
        currency,
        valid_from as first_date,
        1 / units_per_usd as usd_per_unit,
        coalesce(valid_to, cast({{ as_of() }} as date) + 1) as last_date
    from pegs

),

ranges as (

    select
        published_ranges.currency,
        published_ranges.rate_date as first_date,
        published_ranges.last_date,
        published_ranges.usd_per_unit,
        'ecb' as rate_source
    from published_ranges
    left join pegs
        on
            published_ranges.currency = pegs.currency
            and published_ranges.rate_date between pegs.valid_from
            and coalesce(pegs.valid_to, cast('9999-12-31' as date))
    where pegs.currency is null

    union all

    select
        currency,
        first_date,
        last_date,
        usd_per_unit,
        'peg' as rate_source
    from pegged_ranges

),

final as (

    select
        currency,
        cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date) as rate_date,
        first_date as published_date,
        cast(usd_per_unit as decimal(20, 12)) as usd_per_unit,
        rate_source
    from ranges

)

select * from final
