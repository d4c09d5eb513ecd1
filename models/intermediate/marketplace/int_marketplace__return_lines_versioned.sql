{{ marketplace_rows_in_force(
    ref('stg_marketplace__return_lines'),
    'return_lines',
    'order_id',
    ['requested_at_text', 'received_at_text', 'refunded_at_text']
) }}
