{{ marketplace_rows_in_force(
    ref('stg_marketplace__ledger_lines'),
    'ledger_lines',
    'document_id',
    ['occurred_at_text']
) }}
