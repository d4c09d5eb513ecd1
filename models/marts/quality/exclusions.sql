with

dispositions as (

    select * from {{ ref('int_marketplace__row_dispositions') }}
    where excluded_reason is not null

),

left_out_of_measures as (

    select * from {{ ref('int_exclusions__measures') }}

),

left_out_of_rankings as (

    select * from {{ ref('int_exclusions__rankings') }}

),

left_out_of_core as (

    select
        'core' as left_out_of,
        channel,
        sub_channel,
        record_type,
        excluded_reason,
        currency,
        count(*) as row_count,
        sum(excluded_units) as units,
        sum(excluded_amount) as amount
    from dispositions
    group by channel, sub_channel, record_type, excluded_reason, currency

),

unioned as (

    select * from left_out_of_core
    union all
    select * from left_out_of_measures
    union all
    select * from left_out_of_rankings

),

final as (

    select
        left_out_of,
        channel,
        sub_channel,
        record_type,
        excluded_reason,
        coalesce(currency, '(none)') as currency,
        row_count,
        cast(coalesce(units, 0) as bigint) as units,
        cast(coalesce(amount, 0) as decimal(18, 4)) as amount
    from unioned

)

select * from final
