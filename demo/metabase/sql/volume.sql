-- A shop of any size without a company behind it: five items an order, a refund for every fourth
-- order, a year of changes. Only the number of items is asked for.
insert into shop.orders
select
    i + 1 as order_id,
    concat('BULK-', i + 1) as order_number,
    case when i % 97 != 0 then i % $customers + 1 end as customer_id,
    timestamp '2025-10-31 00:00:00' + to_seconds(i * 31000000 // $orders) as ordered_at,
    timestamp '2025-10-31 00:00:00' + to_seconds(i * 31000000 // $orders) as updated_at,
    null as delivered_at,
    null as cancelled_at,
    'shipped' as status,
    false as is_test,
    'AED' as currency,
    5 * (100 + i % 900) as items_amount,
    0 as discount_amount,
    0 as shipping_amount,
    0 as tax_amount,
    5 * (100 + i % 900) as total_amount
from range($orders) as numbers (i);

insert into shop.order_items
select
    i + 1 as order_item_id,
    i // 5 + 1 as order_id,
    i % 1000 + 1 as product_id,
    concat('BULK-', i % 1000 + 1) as sku,
    concat('Bulk product ', i % 1000 + 1) as product_name,
    1 as quantity,
    0 as cancelled_quantity,
    100 + i // 5 % 900 as unit_amount,
    0 as discount_amount,
    100 + i // 5 % 900 as line_amount,
    'AED' as currency,
    'shipped' as status,
    false as is_gift_card,
    timestamp '2025-10-31 00:00:00' + to_seconds(i // 5 * 31000000 // $orders) as updated_at
from range($items) as numbers (i);

insert into shop.refunds
select
    order_id as refund_id,
    order_id,
    customer_id,
    ordered_at + interval 2 day as requested_at,
    ordered_at + interval 4 day as refunded_at,
    ordered_at + interval 4 day as updated_at,
    'refunded' as status,
    'return' as refund_type,
    currency,
    items_amount // 5 as amount,
    0 as shipping_amount,
    'Changed my mind' as reason,
    null as note
from shop.orders
where order_id % 4 = 0;

insert into shop.refund_items
select
    refund_id as refund_item_id,
    refund_id,
    order_id,
    order_id * 5 as order_item_id,
    1 as quantity,
    amount,
    true as is_received,
    refunded_at as received_at,
    null as reason,
    updated_at
from shop.refunds
where refund_id * 5 <= $items;

insert into shop.customers
select
    i + 1 as customer_id,
    concat('Customer ', i + 1) as full_name,
    concat('bulk.', i + 1, '@example.org') as email,
    null as phone,
    'AE' as country,
    timestamp '2025-10-31 00:00:00' as created_at,
    timestamp '2025-10-31 00:00:00' as updated_at
from range($customers) as numbers (i);

insert into shop.products
select
    i + 1 as product_id,
    concat('BULK-', i + 1) as sku,
    concat('Bulk product ', i + 1) as product_name,
    'Bulk' as category,
    null as brand,
    timestamp '2025-10-31 00:00:00' as updated_at
from range(1000) as numbers (i)
