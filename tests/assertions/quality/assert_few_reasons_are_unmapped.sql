-- Warns when more than `max_unmapped_share` of refunded units carry a reason that no row knows. A
-- warning, because an unknown reason is counted as such and blames nobody; see unmapped_reasons.
{{ config(severity='warn') }}

with

totals as (

    select
        sum(units_refunded) filter (where reason_match = 'unmapped') as units_unmapped,
        sum(units_refunded) as units_refunded
    from {{ ref('refund_items') }}

)

select
    units_unmapped,
    units_refunded
from totals
where {{ rate('units_unmapped', 'units_refunded') }} > {{ var('max_unmapped_share') }}
