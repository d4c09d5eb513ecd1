-- Amazon all-orders: one row an order line, UTC, item-price is the total of the line.
select
    strftime(ordered_at, '%Y-%m') as _month,
    ordered_at as _sort1,
    number as _sort2,
    line_no as _sort3,
    order_id as "amazon-order-id",
    iso_text(ordered_at) || '+00:00' as "purchase-date",
    iso_text(coalesce(delivered_at, cancelled_at, shipped_at, ordered_at + interval 40 minutes))
    || '+00:00' as "last-updated-date",
    case
        when order_state = 'cancelled' then 'Cancelled'
        when order_state = 'pending' then 'Pending'
        when getvariable('sub_channel') != 'amazon_in' then 'Shipped'
        when order_state = 'delivered' then 'Shipped - Delivered to Buyer'
        when order_state = 'shipped' or would_arrive_at > getvariable('as_of') then 'Shipped'
        when digits % 2 = 0 then 'Shipped - Returned to Seller'
        else 'Shipped - Rejected by Buyer'
    end as "order-status",
    case when is_platform_fulfilled then 'Amazon' else 'Merchant' end as "fulfillment-channel",
    getvariable('label') as "sales-channel",
    case when digits % 3 = 0 then 'Expedited' else 'Standard' end as "ship-service-level",
    product_name as "product-name",
    sku,
    concat('B0', to_base(product_no * 48271 + 1679616 * 20, 36, 8)) as asin,
    case
        when line_state = 'cancelled' then 'Cancelled'
        when line_state = 'pending' then 'Unshipped'
        else 'Shipped'
    end as "item-status",
    cast(quantity as varchar) as quantity,
    cast(quantity as varchar) as "number-of-items",
    case when line_minor is not null then currency end as currency,
    money_text(line_minor, decimals) as "item-price",
    case
        when line_no = 1 and shipping_minor > 0 then money_text(shipping_minor, decimals)
    end as "shipping-price",
    country as "ship-country",
    'false' as "is-business-order",
    'MarketplaceFacilitator' as "tax-collection-model",
    'false' as "is-iba"
from written_lines
