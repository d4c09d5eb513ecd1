-- Warns above `max_unmatched_refund_share` of refunded units without a line: they are in no rate.
-- A warning, because the cause lies in what a source names, and the refunds are still counted.
{{ config(severity='warn') }}

select
    channel,
    sub_channel,
    units_refunded,
    units_refunded_unmatched
from {{ ref('channel_kpis') }}
where
    sub_channel != 'all'
    and {{ rate('units_refunded_unmatched', 'units_refunded + units_refunded_unmatched') }}
    > {{ var('max_unmatched_refund_share') }}
