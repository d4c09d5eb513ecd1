-- Walmart Canada returns by the API's field names: one row a return line, UTC with a Z. The total
-- belongs to the whole return and repeats on its rows; where the line has no total of its own the
-- money per unit says how much.
select
    strftime(requested_at, '%Y-%m') as _month,
    requested_at as _sort1,
    return_digits as _sort2,
    return_no as _sort3,
    concat('18', lpad(cast(digits as varchar), 10, '0'), strftime(requested_at, '%j'))
        as "returnOrderId",
    case when kind = 'replacement' then 'REPLACEMENT' else 'REFUND' end as "returnType",
    concat('10801', lpad(cast(digits as varchar), 10, '0')) as "customerOrderId",
    concat('C', customer_digits(customer_no, 8)) as "customerId",
    customer_email(customer_no, 'buyer', 'net') as "customerEmailId",
    iso_text(requested_at) || 'Z' as "returnOrderDate",
    money_text(
        sum(refund_minor) over (partition by number, strftime(requested_at, '%j')), 2
    ) as "totalRefundAmount.currencyAmount",
    case when refund_minor is not null then currency end as "totalRefundAmount.currencyUnit",
    cast(line_no * 10 + return_no as varchar) as "returnOrderLineNumber",
    order_id as "purchaseOrderId",
    cast(line_no as varchar) as "purchaseOrderLineNumber",
    sku as "item.sku",
    product_name as "item.productName",
    raw_reason as "returnReason",
    cast(units as varchar) as "quantity.measurementValue",
    case when refund_minor is not null then cast(units as varchar) else '0' end as "refundedQty",
    case
        when refund_minor is not null and not is_partial
            then money_text(unit_minor, 2)
    end as "charges.chargePerUnit",
    case when is_partial or return_digits % 10 > 2 then money_text(refund_minor, 2) end
        as "chargeTotals.lineTotal",
    currency as "unitPrice.currencyUnit",
    case when kind = 'refund_only' then 'true' else 'false' end as "isKeepIt",
    case when refund_minor is not null then 'SELLER_AUTO_REFUND' end as "refundChannel",
    case when kind = 'declined' then 'CANCELLED' else 'COMPLETED' end as "status",
    iso_text(received_at) || 'Z' as "receivedDate",
    iso_text(refunded_at) || 'Z' as "refundDate"
from written_returns
