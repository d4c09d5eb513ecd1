with

ledger_cancellations as (

    select * from {{ ref('int_marketplace__ledger_lines_classified') }}
    where record_kind = 'refund' and excluded_reason is null

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

)

select * from ledger_refunds
