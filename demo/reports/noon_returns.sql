-- Noon returns in the generic layout, as no public column list exists: one row a return of a line,
-- Gulf time without a zone.
select
    strftime(requested_at + interval 4 hours, '%Y-%m') as _month,
    requested_at as _sort1,
    return_digits as _sort2,
    return_no as _sort3,
    concat('RT', to_base(return_digits, 36, 9)) as return_id,
    concat('RT', to_base(return_digits, 36, 9), '-', return_no) as return_line_id,
    order_id,
    sku,
    product_name,
    cast(units as varchar) as quantity,
    case when refunded_at is not null then cast(units as varchar) end as refunded_quantity,
    money_text(stated_minor, decimals) as refund_amount,
    case when shipping_refund_minor > 0 then money_text(shipping_refund_minor, decimals) end
        as shipping_refund_amount,
    case when refunded_at is not null then currency end as currency,
    iso_text(requested_at + interval 4 hours) as requested_at,
    iso_text(received_at + interval 4 hours) as received_at,
    iso_text(refunded_at + interval 4 hours) as refunded_at,
    case
        when kind = 'declined' then 'Rejected'
        when refunded_at is null and received_at is null then 'Pickup Authorized'
        when refunded_at is null then 'Pending Action'
        when extra_draw % 4 = 0 then 'Closed'
        when extra_draw % 4 = 1 then 'Resolved'
        else 'Completed'
    end as return_status,
    case when kind = 'refund_only' then 'Returnless' else 'Return' end as return_type,
    raw_reason as reason
from written_returns
