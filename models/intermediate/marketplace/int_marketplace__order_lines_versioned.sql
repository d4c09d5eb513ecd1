{{ marketplace_rows_in_force(
    ref('stg_marketplace__order_lines'),
    'order_lines',
    'order_id',
    ['ordered_at_text']
) }}
