-- OnBuy refunds: one row a refunded product, British local time. What the reason ids mean is not
-- published; from 2026 on the seller's export says it in words.
select
    strftime(london_time(refunded_at), '%Y-%m') as _month,
    refunded_at as _sort1,
    return_digits as _sort2,
    return_no as _sort3,
    concat('RF', to_base(return_digits, 36, 9), '-', return_no) as refund_id,
    order_id,
    '2000' as site_id,
    cast(1 + extra_draw % 3 // 2 * (extra_draw % 6) as varchar) as order_refund_reason_id,
    case when shipping_refund_minor > 0 then money_text(shipping_refund_minor, 2) end as delivery,
    raw_reason as customer_note,
    raw_reason as refund_reason,
    case when kind = 'undelivered' then 'carrier sent it back' end as seller_note,
    cast(7000 + product_no as varchar) as "items.onbuy_internal_reference",
    sku as "items.sku",
    cast(units as varchar) as "items.quantity",
    money_text(refund_minor, 2) as "items.amount",
    currency as currency_code,
    strftime(london_time(requested_at), '%Y-%m-%d %H:%M:%S') as requested_at,
    strftime(london_time(refunded_at), '%Y-%m-%d %H:%M:%S') as refunded_at,
    case when is_partial then 'Partially Refunded' else 'Refunded' end as status
from written_returns
