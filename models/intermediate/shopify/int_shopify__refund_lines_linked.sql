-- Lines of refunds beside all that tells of which kind they are.
with

refund_lines as (

    select * from {{ ref('stg_shopify__refund_lines') }}

),

refunds as (

    select * from {{ ref('int_shopify__paid_refunds') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

line_classes as (

    select * from {{ ref('int_shopify__line_classes') }}

),

restock_types as (

    select * from {{ ref('shopify_restock_types') }}

),

exchange_units as (

    select * from {{ ref('int_shopify__exchange_units') }}

),

returned_order_lines as (

    select * from {{ ref('int_shopify__returned_order_lines') }}

),

final as (

    select
        refund_lines.*,
        refunds.return_id,
        refunds.note,
        refunds.payment_state,
        refunds.refunded_at,
        orders.order_state,
        restock_types.refund_kind as restock_kind,
        coalesce(line_classes.line_class, 'product') as line_class,
        -- REST may name the return of a refund, and tells no more of it.
        refunds.return_id is not null as has_own_return,
        coalesce(any_return.units_processed, 0) > 0 as has_come_back,
        coalesce(own_return.raw_reason, any_return.raw_reason) as return_reason,
        coalesce(own_return.layout, any_return.layout) as return_layout,
        -- The units that a return was exchanged for come first, whatever was paid for them.
        coalesce(
            sum(refund_lines.quantity) over exchanged_return - refund_lines.quantity
            < exchange_units.units_exchanged,
            false
        ) as is_exchanged
    from refund_lines
    inner join refunds
        on
            refund_lines.sub_channel = refunds.sub_channel
            and refund_lines.order_id = refunds.order_id
            and refund_lines.refund_id = refunds.refund_id
    inner join orders
        on
            refund_lines.sub_channel = orders.sub_channel
            and refund_lines.order_id = orders.order_id
    left join line_classes
        on
            refund_lines.sub_channel = line_classes.sub_channel
            and refund_lines.order_id = line_classes.order_id
            and refund_lines.order_line_id = line_classes.order_line_id
    left join restock_types
        on refund_lines.restock_type = restock_types.restock_type
    left join exchange_units
        on
            refund_lines.sub_channel = exchange_units.sub_channel
            and refund_lines.order_id = exchange_units.order_id
            and refunds.return_id = exchange_units.return_id
    left join returned_order_lines as own_return
        on
            refund_lines.sub_channel = own_return.sub_channel
            and refund_lines.order_id = own_return.order_id
            and refund_lines.order_line_id = own_return.order_line_id
            and refunds.return_id = own_return.return_id
    left join returned_order_lines as any_return
        on
            any_return.return_id is null
            and refund_lines.sub_channel = any_return.sub_channel
            and refund_lines.order_id = any_return.order_id
            and refund_lines.order_line_id = any_return.order_line_id
    window exchanged_return as (
        partition by refund_lines.sub_channel, refund_lines.order_id, refunds.return_id
        order by refunds.refunded_at asc, refund_lines.refund_line_id asc
        rows between unbounded preceding and current row
    )

)

select * from final
