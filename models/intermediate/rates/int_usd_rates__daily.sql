{{ config(materialized='table') }}

with

published as (

    select * from {{ ref('int_usd_rates__published') }}

),

pegs as (

    select * from {{ ref('currency_pegs') }}

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
        cast(usd_per_unit as decimal(18, 12)) as usd_per_unit,
        rate_source
    from ranges

)

select * from final
