-- Amazon seller-fulfilled returns: one row a return of an order line, days without a zone.
select
    strftime(requested_at, '%Y-%m') as _month,
    requested_at as _sort1,
    return_digits as _sort2,
    return_no as _sort3,
    order_id as "Order ID",
    strftime(ordered_at, '%d-%b-%Y') as "Order date",
    strftime(requested_at, '%d-%b-%Y') as "Return request date",
    case
        when kind = 'declined' then 'Declined'
        when kind != 'replacement' and refunded_at is null then 'Pending Approval'
        when extra_draw % 10 < 7 then 'Approved'
        else 'Completed'
    end as "Return request status",
    concat('D', to_base(return_digits, 36, 9), 'RRMA') as "Amazon RMA ID",
    'AmazonPrePaidLabel' as "Label type",
    case when extra_draw % 3 > 0 then money_text(500 + extra_draw % 700, 2) end as "Label cost",
    case when extra_draw % 3 > 0 then currency end as "Currency code",
    'Seller' as "Label to be paid by",
    'N' as "A-to-Z Claim",
    'N' as "Is prime",
    concat('B0', to_base(product_no * 48271 + 1679616 * 20, 36, 8)) as "ASIN",
    sku as "Merchant SKU",
    product_name as "Item Name",
    cast(units as varchar) as "Return quantity",
    raw_reason as "Return Reason",
    case when date_diff('day', ordered_at, requested_at) <= 30 then 'Y' else 'N' end as "In policy",
    case
        when kind != 'undelivered' then 'C-Returns'
        when extra_draw % 2 = 0 then 'Undelivered'
        else 'Rejected'
    end as "Return type",
    case
        when kind = 'replacement' then 'Replacement'
        when refunded_at is null then null
        when kind = 'refund_only' then 'ReturnlessRefund'
        when extra_draw % 4 = 0 then 'RefundAtFirstScan'
        else 'StandardRefund'
    end as "Resolution",
    strftime(received_at, '%d-%b-%Y') as "Return delivery date",
    money_text(line_minor, decimals) as "Order Amount",
    cast(ordered_quantity as varchar) as "Order quantity",
    money_text(stated_minor, decimals) as "Refunded Amount"
from written_returns
where not is_platform_fulfilled
