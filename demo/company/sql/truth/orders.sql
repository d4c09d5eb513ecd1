select
    getvariable('sub_channel') as sub_channel,
    order_id,
    ordered_at,
    shipped_at,
    delivered_at,
    cancelled_at,
    order_state,
    currency,
    country,
    customer_no,
    is_platform_fulfilled,
    is_story
from chunk_orders
order by number
