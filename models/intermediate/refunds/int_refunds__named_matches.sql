{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('int_refunds__unioned') }}
    where order_key is not null

),

lots as (

    select * from {{ ref('int_order_lines__named') }}

),

-- Each refund draws the next stretch of the units sold under the name it gives.
draws as (

    select
        *,
        sum(units_refunded) over named_line - units_refunded as draw_from,
        sum(units_refunded) over named_line as draw_to
    from refunds
    where units_refunded > 0
    window named_line as (
        partition by order_key, line_ref
        order by refunded_at asc, refund_line_key asc
        rows between unbounded preceding and current row
    )

),

final as (

    select
        draws.refund_line_key,
        lots.order_item_key,
        greatest(draws.draw_from, lots.lot_from) - draws.draw_from as units_from,
        least(draws.draw_to, lots.lot_to) - draws.draw_from as units_to
    from draws
    inner join lots
        on
            draws.order_key = lots.order_key
            and draws.line_ref = lots.line_ref
            and draws.draw_from < lots.lot_to
            and draws.draw_to > lots.lot_from

)

select * from final
