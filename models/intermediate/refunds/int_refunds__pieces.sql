with

refunds as (

    select * from {{ ref('int_refunds__unioned') }}

),

named_matches as (

    select * from {{ ref('int_refunds__named_matches') }}

),

inferred_matches as (

    select * from {{ ref('int_refunds__inferred_matches') }}

),

matches as (

    select
        *,
        'named' as match_method
    from named_matches

    union all

    select
        *,
        'inferred' as match_method
    from inferred_matches

),

matched_units as (

    select
        refund_line_key,
        max(units_to) as units_matched
    from matches
    group by refund_line_key

),

-- What no line can hold: money without units, orders that we do not know, units beyond those sold.
remainders as (

    select
        refunds.refund_line_key,
        cast(null as varchar) as order_item_key,
        coalesce(matched_units.units_matched, 0) as units_from,
        refunds.units_refunded as units_to,
        cast(null as varchar) as match_method
    from refunds
    left join matched_units
        on refunds.refund_line_key = matched_units.refund_line_key
    where
        matched_units.units_matched is null
        or matched_units.units_matched < refunds.units_refunded

),

pieces as (

    select * from matches
    union all
    select * from remainders

)

select * from pieces
