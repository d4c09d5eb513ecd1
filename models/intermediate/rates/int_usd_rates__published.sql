{{ config(materialized='table') }}

with

ecb_rates as (

    select * from {{ ref('stg_rates__ecb_rates') }}

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

)

select * from published
