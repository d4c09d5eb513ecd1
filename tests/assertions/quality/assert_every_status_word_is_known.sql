-- Warns of status words that no seed explains (order_line_states, return_states): such lines count
-- as sold, such returns as not declined. Add a seed row to settle one.
{{ config(severity='warn') }}

select
    sub_channel,
    'order line' as subject,
    coalesce(item_status_key, order_status_key) as status_key,
    count(*) as row_count
from {{ ref('int_marketplace__order_lines_classified') }}
where line_state = 'unknown' and coalesce(item_status_key, order_status_key) is not null
group by sub_channel, coalesce(item_status_key, order_status_key)

union all

select
    sub_channel,
    'return' as subject,
    return_status_key as status_key,
    count(*) as row_count
from {{ ref('int_marketplace__return_lines_classified') }}
where return_state = 'unknown'
group by sub_channel, return_status_key
