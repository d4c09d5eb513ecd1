{#
    Two common table expressions, the last one called `drawn`: each refund draws the next stretch of
    the units that its order sold under the name it gives. `refunds` has order_key, line_ref,
    units_refunded, refunded_at, refund_line_key; `lots` has order_key, line_ref, order_item_key and
    the stretch lot_from to lot_to. Units beyond the last lot are drawn from nothing.
#}
{% macro drawn_units(refunds, lots) -%}
draws as (

    select
        *,
        sum(units_refunded) over named_line - units_refunded as draw_from,
        sum(units_refunded) over named_line as draw_to
    from {{ refunds }}
    where units_refunded > 0
    window named_line as (
        partition by order_key, line_ref
        order by refunded_at asc, refund_line_key asc
        rows between unbounded preceding and current row
    )

),

drawn as (

    select
        draws.refund_line_key,
        {{ lots }}.order_item_key,
        greatest(draws.draw_from, {{ lots }}.lot_from) - draws.draw_from as units_from,
        least(draws.draw_to, {{ lots }}.lot_to) - draws.draw_from as units_to
    from draws
    inner join {{ lots }}
        on
            draws.order_key = {{ lots }}.order_key
            and draws.line_ref = {{ lots }}.line_ref
            and draws.draw_from < {{ lots }}.lot_to
            and draws.draw_to > {{ lots }}.lot_from
    -- A line that was cancelled, or is used up, holds nothing.
    where {{ lots }}.lot_to > {{ lots }}.lot_from

)
{%- endmacro %}
