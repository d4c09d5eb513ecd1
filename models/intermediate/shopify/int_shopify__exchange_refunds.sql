-- Units that came back for an exchange and that no refund speaks of: no money moved.
with

return_lines as (

    select * from {{ ref('int_shopify__return_lines_classified') }}
    where is_standing and excluded_reason is null and line_class = 'product'

),

exchange_units as (

    select * from {{ ref('int_shopify__exchange_units') }}

),

refund_lines as (

    select * from {{ ref('int_shopify__refund_lines_classified') }}
    where return_id is not null

),

refunded_lines as (

    select
        sub_channel,
        order_id,
        return_id,
        order_line_id,
        sum(units_refunded) as units
    from refund_lines
    group by sub_channel, order_id, return_id, order_line_id

),

exchanged_refunds as (

    select
        sub_channel,
        order_id,
        return_id,
        sum(units_refunded) as units
    from refund_lines
    where refund_kind = 'exchange'
    group by sub_channel, order_id, return_id

),

open_units as (

    select
        return_lines.*,
        exchange_units.units_exchanged - coalesce(exchanged_refunds.units, 0) as units_left,
        greatest(
            return_lines.units_processed - coalesce(refunded_lines.units, 0), 0
        ) as units_open
    from return_lines
    inner join exchange_units
        on
            return_lines.sub_channel = exchange_units.sub_channel
            and return_lines.order_id = exchange_units.order_id
            and return_lines.return_id = exchange_units.return_id
    left join exchanged_refunds
        on
            return_lines.sub_channel = exchanged_refunds.sub_channel
            and return_lines.order_id = exchanged_refunds.order_id
            and return_lines.return_id = exchanged_refunds.return_id
    left join refunded_lines
        on
            return_lines.sub_channel = refunded_lines.sub_channel
            and return_lines.order_id = refunded_lines.order_id
            and return_lines.return_id = refunded_lines.return_id
            and return_lines.order_line_id = refunded_lines.order_line_id

),

drawn as (

    select
        *,
        sum(units_open) over return_so_far - units_open as units_before
    from open_units
    window return_so_far as (
        partition by sub_channel, order_id, return_id
        order by return_line_id asc
        rows between unbounded preceding and current row
    )

),

final as (

    select
        sub_channel,
        order_id,
        return_id,
        return_line_id,
        sold_order_line_id,
        created_month,
        raw_reason,
        layout,
        currency,
        cast(least(units_open, units_left - units_before) as integer) as units_refunded,
        done_at as refunded_at,
        case when closed_at is not null then 'received' else 'requested' end as refunded_at_basis
    from drawn
    where least(units_open, units_left - units_before) > 0

)

select * from final
