with

left_out_of_core as (

    select * from {{ ref('int_marketplace__exclusions') }}
    union all
    select * from {{ ref('int_shopify__exclusions') }}
    union all
    select * from {{ ref('int_desertcart__exclusions') }}

),

left_out_of_measures as (

    select * from {{ ref('int_exclusions__measures') }}

),

left_out_of_rankings as (

    select * from {{ ref('int_exclusions__rankings') }}

),

left_out_by_decisions as (

    select * from {{ ref('int_exclusions__decisions') }}

),

unioned as (

    select * from left_out_of_core
    union all
    select * from left_out_of_measures
    union all
    select * from left_out_of_rankings
    union all
    select * from left_out_by_decisions

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
