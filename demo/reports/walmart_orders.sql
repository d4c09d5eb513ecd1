-- Walmart Canada orders by the API's field names: one row an order line, UTC with a Z.
select
    strftime(ordered_at, '%Y-%m') as _month,
    ordered_at as _sort1,
    number as _sort2,
    line_no as _sort3,
    order_id as "purchaseOrderId",
    concat('10801', lpad(cast(digits as varchar), 10, '0')) as "customerOrderId",
    concat('C', customer_digits(customer_no, 8)) as "customerId",
    customer_email(customer_no, 'buyer', 'net') as "customerEmailId",
    iso_text(ordered_at) || 'Z' as "orderDate",
    customer_name(customer_no) as "shippingInfo.postalAddress.name",
    country as "shippingInfo.postalAddress.country",
    case when shipping_minor > 0 then 'Express' else 'Value' end as "shippingInfo.methodCode",
    cast(line_no as varchar) as "orderLines.lineNumber",
    sku as "item.sku",
    product_name as "item.productName",
    cast(quantity as varchar) as "orderLineQuantity.amount",
    'PRODUCT' as "charges.chargeType",
    money_text(line_minor, 2) as "charges.chargeAmount.amount",
    currency as "charges.chargeAmount.currency",
    case
        when line_state = 'cancelled' then 'Cancelled'
        when line_state = 'pending' then 'Acknowledged'
        when line_state = 'delivered' then 'Delivered'
        else 'Shipped'
    end as "orderLineStatuses.status",
    iso_text(coalesce(delivered_at, shipped_at, cancelled_at, ordered_at)) || 'Z' as "statusDate",
    iso_text(delivered_at) || 'Z' as "actualDeliveryDate"
from written_lines
