-- Warns of refunds dated before the order they name: a wrong zone, or a report that dates
-- otherwise.
{{ config(severity='warn') }}

select
    refund_item_key,
    ordered_at,
    refunded_at,
    days_to_refund
from {{ ref('refund_items') }}
where days_to_refund < 0
