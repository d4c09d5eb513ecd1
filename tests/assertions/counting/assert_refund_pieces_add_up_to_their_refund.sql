-- Spread over order lines, a refund keeps every unit and every penny.
with

reported as (

    select
        refund_line_key,
        units_refunded,
        refund_amount
    from {{ ref('int_refunds__unioned') }}

),

pieces as (

    select
        refund_line_key,
        sum(units_refunded) as units_refunded,
        sum(refund_amount) as refund_amount
    from {{ ref('refund_items') }}
    group by refund_line_key

)

select
    reported.refund_line_key,
    reported.units_refunded as units_reported,
    pieces.units_refunded as units_in_pieces,
    reported.refund_amount as amount_reported,
    pieces.refund_amount as amount_in_pieces
from reported
left join pieces
    on reported.refund_line_key = pieces.refund_line_key
where
    reported.units_refunded is distinct from pieces.units_refunded
    or reported.refund_amount is distinct from pieces.refund_amount
