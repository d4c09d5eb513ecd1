select
    getvariable('sub_channel') as sub_channel,
    chunk_orders.order_id,
    chunk_returns.line_no,
    chunk_returns.return_no,
    products.sku,
    chunk_returns.kind,
    chunk_returns.units,
    chunk_returns.requested_at,
    chunk_returns.received_at,
    chunk_returns.refunded_at,
    cast(money_text(chunk_returns.refund_minor, currencies.decimals) as decimal(18, 3))
        as refund_amount,
    cast(money_text(chunk_returns.shipping_refund_minor, currencies.decimals) as decimal(18, 3))
        as shipping_refund_amount,
    chunk_orders.currency,
    chunk_returns.is_amount_stated,
    chunk_returns.reason,
    chunk_returns.raw_reason
from chunk_returns
inner join chunk_orders on chunk_returns.number = chunk_orders.number
inner join products on chunk_returns.product_no = products.product_no
inner join currencies on chunk_orders.currency = currencies.currency
order by chunk_returns.number, chunk_returns.line_no, chunk_returns.return_no
