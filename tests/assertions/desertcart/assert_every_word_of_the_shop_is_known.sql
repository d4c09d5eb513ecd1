-- Warns of words of the shop that no seed explains (order_line_states, return_states,
-- refund_kind_rules): such lines count as sold, such refunds as returns. A seed row settles one.
{{ config(severity='warn') }}

select
    'order line' as subject,
    coalesce(item_status_key, order_status_key) as word,
    count(*) as row_count
from {{ ref('int_desertcart__order_items_classified') }}
where line_state = 'unknown'
group by coalesce(item_status_key, order_status_key)

union all

select
    'refund status' as subject,
    refund_status_key as word,
    count(*) as row_count
from {{ ref('int_desertcart__refunds_classified') }}
where return_state = 'unknown'
group by refund_status_key

union all

select
    'refund type' as subject,
    refund_type_key as word,
    count(*) as row_count
from {{ ref('int_desertcart__refunds_classified') }}
where not is_type_known
group by refund_type_key
