-- What came back, or was meant to: lines of returns, and goods put back in stock without one.
with

return_lines as (

    select * from {{ ref('int_shopify__return_lines_classified') }}
    where excluded_reason is null

),

restocked_lines as (

    select * from {{ ref('int_shopify__restocked_lines') }}

),

refund_lines as (

    select * from {{ ref('int_shopify__refund_lines_classified') }}
    where excluded_reason is null and return_id is not null

),

exchange_units as (

    select * from {{ ref('int_shopify__exchange_units') }}

),

return_refunds as (

    select
        sub_channel,
        order_id,
        return_id,
        order_line_id,
        min(refunded_at) as refunded_at,
        bool_and(refund_kind = 'exchange') as is_exchanged
    from refund_lines
    group by sub_channel, order_id, return_id, order_line_id

),

returned as (

    select
        'return_lines' as record_type,
        return_lines.sub_channel,
        return_lines.layout,
        return_lines.created_month,
        return_lines.return_id,
        return_lines.return_line_id,
        return_lines.order_id,
        return_lines.sold_order_line_id as order_line_id,
        return_lines.return_state,
        case
            when return_lines.order_state = 'undelivered' then 'undelivered'
            when coalesce(return_refunds.is_exchanged, exchange_units.units_exchanged > 0)
                then 'exchange'
            else 'return'
        end as refund_kind,
        return_lines.units_returned,
        return_lines.raw_reason,
        return_lines.requested_at,
        -- The API does not say when the goods came in.
        cast(null as timestamp) as received_at,
        return_refunds.refunded_at
    from return_lines
    left join return_refunds
        on
            return_lines.sub_channel = return_refunds.sub_channel
            and return_lines.order_id = return_refunds.order_id
            and return_lines.return_id = return_refunds.return_id
            and return_lines.order_line_id = return_refunds.order_line_id
    left join exchange_units
        on
            return_lines.sub_channel = exchange_units.sub_channel
            and return_lines.order_id = exchange_units.order_id
            and return_lines.return_id = exchange_units.return_id

),

restocked as (

    select
        'refund_lines' as record_type,
        sub_channel,
        layout,
        created_month,
        refund_id as return_id,
        refund_line_id as return_line_id,
        order_id,
        sold_order_line_id as order_line_id,
        'completed' as return_state,
        'return' as refund_kind,
        units_returned,
        raw_reason,
        received_at as requested_at,
        received_at,
        cast(null as timestamp) as refunded_at
    from restocked_lines

),

final as (

    select * from returned
    union all
    select * from restocked

)

select * from final
