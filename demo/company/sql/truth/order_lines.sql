select
    getvariable('sub_channel') as sub_channel,
    chunk_orders.order_id,
    chunk_lines.line_no,
    products.sku,
    chunk_lines.quantity,
    chunk_lines.line_state,
    cast(money_text(chunk_lines.unit_minor, currencies.decimals) as decimal(18, 3)) as unit_price,
    cast(money_text(chunk_lines.line_minor, currencies.decimals) as decimal(18, 3)) as line_amount,
    chunk_orders.currency
from chunk_lines
inner join chunk_orders on chunk_lines.number = chunk_orders.number
inner join products on chunk_lines.product_no = products.product_no
inner join currencies on chunk_orders.currency = currencies.currency
order by chunk_lines.number, chunk_lines.line_no
