with

return_lines as (

    select * from {{ ref('int_marketplace__return_lines_classified') }}
    where has_refund and excluded_reason is null

),

ledger_cancellations as (

    select * from {{ ref('int_marketplace__ledger_lines_classified') }}
    where record_kind = 'refund' and excluded_reason is null

),

order_lines as (

    select * from {{ ref('int_marketplace__order_lines') }}

),

returned_items as (

    select
        'return_lines' as record_type,
        channel,
        sub_channel,
        layout,
        source_batch,
        version_number,
        row_number,
        'item' as component,
        coalesce(return_id, order_id) as refund_id,
        order_id,
        order_line_id,
        sku,
        product_id,
        buyer_id,
        buyer_email,
        buyer_phone,
        refund_kind,
        units_refunded,
        -- Another unit was sent: no money moved, which is known. Else an absent amount is unknown.
        case
            when refund_kind = 'exchange' then coalesce(item_refund_amount, 0)
            else item_refund_amount
        end as refund_amount,
        refund_currency as currency,
        dated_at as refunded_at,
        dated_by as refunded_at_basis,
        reason as raw_reason
    from return_lines

),

returned_shipping as (

    select
        returned_items.* replace (
            'shipping' as component,
            'adjustment' as refund_kind,
            0 as units_refunded,
            return_lines.shipping_refund_amount as refund_amount
        )
    from returned_items
    inner join return_lines
        on
            returned_items.sub_channel = return_lines.sub_channel
            and returned_items.version_number = return_lines.version_number
            and returned_items.row_number = return_lines.row_number
    where return_lines.shipping_refund_amount != 0

),

ledger_refunds as (

    select
        'ledger_lines' as record_type,
        channel,
        sub_channel,
        layout,
        source_batch,
        version_number,
        row_number,
        coalesce(refund_component, 'item') as component,
        document_id as refund_id,
        cancels_document_id as order_id,
        cast(null as varchar) as order_line_id,
        case when line_class = 'product' then sku end as sku,
        cast(null as varchar) as product_id,
        buyer_id,
        buyer_email,
        buyer_phone,
        case when line_class = 'product' then 'return' else 'adjustment' end as refund_kind,
        case when line_class = 'product' then -quantity else 0 end as units_refunded,
        -entry_amount as refund_amount,
        ledger_currency as currency,
        occurred_at as refunded_at,
        'refunded' as refunded_at_basis,
        reason as raw_reason
    from ledger_cancellations

),

-- The order's own status says that the goods never arrived. The amount given back is not reported.
undelivered_lines as (

    select
        order_lines.record_type,
        order_lines.channel,
        order_lines.sub_channel,
        'order_status' as layout,
        order_lines.source_batch,
        order_lines.version_number,
        order_lines.row_number,
        'item' as component,
        order_lines.order_id as refund_id,
        order_lines.order_id,
        order_lines.order_line_id,
        order_lines.sku,
        order_lines.product_id,
        order_lines.buyer_id,
        order_lines.buyer_email,
        order_lines.buyer_phone,
        'undelivered' as refund_kind,
        order_lines.units_ordered as units_refunded,
        cast(null as decimal(18, 4)) as refund_amount,
        order_lines.currency,
        coalesce(order_lines.delivered_at, order_lines.cancelled_at, order_lines.ordered_at)
            as refunded_at,
        'ordered' as refunded_at_basis,
        cast(null as varchar) as raw_reason
    from order_lines
    left join return_lines
        on
            order_lines.channel = return_lines.channel
            and order_lines.sub_channel = return_lines.sub_channel
            and order_lines.order_id = return_lines.order_id
    where
        order_lines.line_state = 'undelivered'
        and order_lines.units_ordered > 0
        -- A returns report that speaks of the order knows more than its status does.
        and return_lines.order_id is null

),

unioned as (

    select * from returned_items
    union all
    select * from returned_shipping
    union all
    select * from ledger_refunds
    union all
    select * from undelivered_lines

),

final as (

    select
        *,
        case
            when order_id is not null then concat_ws(':', channel, sub_channel, order_id)
        end as reported_order_key,
        {{ product_key('sku', 'product_id') }} as product_key,
        {{ user_key('channel', 'sub_channel', 'buyer_id', 'buyer_email', 'buyer_phone') }}
            as user_key,
        concat_ws(
            ':', channel, sub_channel, refund_id,
            row_number() over (
                partition by channel, sub_channel, refund_id
                order by
                    record_type asc, version_number asc, row_number asc, component asc
            )
        ) as refund_line_key
    from unioned

)

select * from final
