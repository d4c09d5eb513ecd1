with

dispositions as (

    select * from {{ ref('int_desertcart__row_dispositions') }}
    where excluded_reason is not null

),

currency_units as (

    select * from {{ ref('int_currency_units__by_source') }}
    where source_system = 'desertcart'

),

-- In major units like every mart; the subunits of an unknown currency can't be told in money.
final as (

    select
        'core' as left_out_of,
        dispositions.channel,
        dispositions.sub_channel,
        dispositions.record_type,
        dispositions.excluded_reason,
        dispositions.currency,
        count(*) as row_count,
        sum(dispositions.excluded_units) as units,
        sum(
            {{ to_major_units('dispositions.excluded_amount', 'currency_units.units_per_major') }}
        ) as amount
    from dispositions
    left join currency_units
        on dispositions.currency = currency_units.currency
    group by
        dispositions.channel,
        dispositions.sub_channel,
        dispositions.record_type,
        dispositions.excluded_reason,
        dispositions.currency

)

select * from final
