{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('int_refunds__unioned') }}
    -- Cancelled units were never sold, so their refund takes none that was.
    where
        order_key is not null
        and line_ref like 'product:%'
        and refund_kind is distinct from 'cancellation'

),

order_lines as (

    select * from {{ ref('int_order_lines__named') }}
    where line_ref like 'product:%'

),

units_taken as (

    select
        order_item_key,
        sum(units_to - units_from) as units_taken
    from {{ ref('int_refunds__line_matches') }}
    group by order_item_key

),

-- What refunds that name the line by its id have left of it.
units_left as (

    select
        order_lines.order_item_key,
        order_lines.order_key,
        order_lines.line_ref,
        order_lines.line_ordinal,
        order_lines.units_sold - coalesce(units_taken.units_taken, 0) as units_left
    from order_lines
    left join units_taken
        on order_lines.order_item_key = units_taken.order_item_key

),

lots as (

    select
        *,
        sum(units_left) over named_line - units_left as lot_from,
        sum(units_left) over named_line as lot_to
    from units_left
    window named_line as (
        partition by order_key, line_ref
        order by line_ordinal asc, order_item_key asc
        rows between unbounded preceding and current row
    )

),

{{ drawn_units('refunds', 'lots') }}

select * from drawn
