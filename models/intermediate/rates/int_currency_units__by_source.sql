{{ config(materialized='table') }}

with

currencies as (

    select * from {{ ref('currencies') }}

),

units as (

    select * from {{ ref('currency_units') }}

),

defaults as (

    select * from units
    where currency = '*'

),

overrides as (

    select * from units
    where currency != '*'

),

digits as (

    select
        defaults.source_system,
        currencies.currency,
        currencies.minor_unit_digits,
        coalesce(overrides.subunit_digits, defaults.subunit_digits) as subunit_digits,
        overrides.currency is not null as is_override
    from defaults
    cross join currencies
    left join overrides
        on
            defaults.source_system = overrides.source_system
            and currencies.currency = overrides.currency

),

final as (

    select
        source_system,
        currency,
        -- An unsettled one stays null and its money without USD.
        cast(
            pow(
                10,
                case
                    when subunit_digits = 'iso' then minor_unit_digits
                    else {{ safe_cast('subunit_digits', 'integer') }}
                end
            ) as integer
        ) as units_per_major,
        subunit_digits != '0' as is_in_subunits,
        is_override
    from digits

)

select * from final
