-- A made-up company of `lines` order lines over three years, in the tables of the published
-- contracts. Only what the pages read is filled in. Numbers are drawn by hash, so that every run
-- draws the same.
create temporary macro drawn(seed, number) as hash(number * 16 + seed) % 1000000 / 1000000.0;
create temporary table shops as
select
    unnest(range(9)) as shop,
    unnest(['desertcart', 'shopify', 'marketplace', 'marketplace', 'marketplace', 'marketplace',
        'marketplace', 'marketplace', 'marketplace']) as channel,
    unnest(['desertcart', 'hewyn', 'amazon_ae', 'amazon_sa', 'amazon_in', 'amazon_za', 'noon_ae',
        'onbuy', 'walmart_ca']) as sub_channel;
-- Some products and customers buy and return far more than others, as they do.
create temporary table lines as
select
    number, number * 2 // 3 as order_number,
    cast(floor($products * power(drawn(1, number), 2)) as bigint) as product,
    cast(floor($users * power(drawn(2, number * 2 // 3), 1.5)) as bigint) as customer,
    customer % 9 as shop,
    1 + hash(number) % 3 as units,
    timestamp '2026-10-31'
        - to_seconds(cast(floor(drawn(3, number * 2 // 3) * 94608000) as bigint)) as ordered_at,
    case
        when drawn(4, number) < case when product % 200 = 7 then 0.3 else 0.08 end then units else 0
    end as units_refunded
from range($lines) as numbers(number);
insert into products by name
select
    'sku:P' || product as product_key, 'P' || product as sku, 'Product ' || product as product_name,
    'Category ' || product % 20 as category, 'Brand ' || product % 300 as brand
from range($products) as products(product);
insert into order_items by name
select
    'item:' || number as order_item_key, 'order:' || order_number as order_key,
    'sku:P' || product as product_key, sub_channel || ':U' || customer as user_key, channel,
    sub_channel, units as units_ordered, 0 as units_cancelled, units as units_sold, units_refunded,
    'USD' as currency, units * (10 + product % 90) as sales_usd,
    units_refunded * (10 + product % 90) as refund_usd, ordered_at
from lines inner join shops using (shop)
order by {order_items};
insert into orders by name
select
    order_key, any_value(user_key) as user_key, any_value(channel) as channel,
    any_value(sub_channel) as sub_channel, substr(order_key, 7) as order_id,
    '#' || substr(order_key, 7) as order_name, 'open' as resolution_state,
    sum(units_sold) as units_sold, sum(sales_usd) as sales_usd,
    sum(units_refunded) as units_refunded, sum(refund_usd) as refund_usd, false as is_test,
    false as is_cancelled, sum(units_refunded) > 0 as has_return,
    min(ordered_at) < timestamp '2026-10-01' as is_mature, min(ordered_at) as ordered_at
from order_items group by order_key
order by {orders};
insert into refund_items by name
select
    'r:' || order_item_key as refund_item_key, 'rl:' || order_item_key as refund_line_key,
    'rid:' || order_key as refund_id, order_key, order_item_key, product_key, user_key, channel,
    sub_channel,
    ['return', 'return', 'return', 'refund_only', 'cancellation'][1 + cast(hash(order_key) % 5 as bigint)]
        as refund_kind,
    'item' as component,
    ['DEFECTIVE', 'NOT_AS_DESCRIBED', 'CHANGED_MIND', 'DAMAGED', 'WRONG_ITEM', 'LATE', 'UNKNOWN'][
        1 + cast(hash(order_item_key) % 7 as bigint)] as reason,
    case hash(order_item_key) % 7 when 0 then 'PRODUCT_ISSUES' when 1 then 'PRODUCT_ISSUES'
        when 2 then 'CUSTOMER' when 6 then 'UNKNOWN' else 'OUR_FAULT' end as reason_category,
    units_refunded, refund_usd, refund_usd as refund_usd_at_refund_date,
    refund_kind != 'cancellation' as is_in_refund_rate, ordered_at,
    ordered_at + to_days(cast(hash(order_item_key) % 30 as integer)) as refunded_at
from order_items where units_refunded > 0
order by {refund_items};
insert into channel_weekly by name
select
    coalesce(channel, 'all') as channel, coalesce(sub_channel, 'all') as sub_channel,
    coalesce(category, 'all') as category, date_trunc('week', ordered_at)::date as week_start,
    count(*) as orders, sum(units_sold) as units_sold, sum(units_refunded) as units_refunded,
    sum(units_refunded) / sum(units_sold) as refund_rate, 0.1 as baseline_refund_rate,
    0.05 as lower_limit, 0.15 as upper_limit, 'within' as chart_position, false as has_moved_up
from order_items inner join products using (product_key)
group by
    date_trunc('week', ordered_at),
    grouping sets ((), (channel), (channel, sub_channel), (category), (channel, category),
        (channel, sub_channel, category));
create temporary table sold as
select
    product_key, channel, sub_channel, sum(units_sold) as units_sold,
    sum(units_refunded) as units_refunded, sum(sales_usd) as sales_usd,
    sum(refund_usd) as refund_usd
from order_items group by product_key, grouping sets ((), (channel, sub_channel));
create temporary table scored as
select
    sold.*, sku, product_name, category, brand, units_refunded / units_sold as refund_rate,
    0.05 as refund_rate_lower, 0.15 as refund_rate_upper,
    case when units_refunded > 0.2 * units_sold then 'critical' else 'normal' end as severity,
    'more of it comes back than of the others of its category and channel' as severity_reason,
    greatest(refund_usd - 0.09 * sales_usd, 0)::double as money_at_stake_usd,
    money_at_stake_usd as excess_usd, 'DEFECTIVE' as top_reason,
    'PRODUCT_ISSUES' as top_reason_category, 'Inspect the batch' as top_reason_advice,
    row_number() over (
        partition by sold.sub_channel order by money_at_stake_usd desc, product_key
    ) as refund_rank
from sold inner join products using (product_key);
insert into product_refunds by name
select * exclude (channel, sub_channel) from scored where sub_channel is null;
insert into product_channel_refunds by name select * from scored where sub_channel is not null;
insert into category_refunds by name
select
    category, channel, sub_channel, sum(units_sold) as units_sold,
    sum(units_refunded) as units_refunded, sum(units_refunded) / sum(units_sold) as refund_rate,
    'normal' as severity, 'as its peers' as severity_reason,
    sum(money_at_stake_usd) as money_at_stake_usd
from scored where sub_channel is not null group by category, channel, sub_channel;
insert into user_refunds by name
select
    user_key, any_value(channel) as channel, any_value(sub_channel) as sub_channel,
    count(*) as orders, count(*) filter (where has_return) as orders_with_return,
    sum(units_sold) as units_sold, sum(units_refunded) as units_refunded,
    sum(sales_usd) as sales_usd, sum(refund_usd) as refund_usd,
    count(*) filter (where has_return) / count(*) as order_return_rate,
    0.1 as order_return_rate_lower, 0.5 as order_return_rate_upper,
    sum(refund_usd)::double as money_at_stake_usd,
    case when count(*) filter (where has_return) > 5 then 'high' else 'normal' end as severity,
    'more orders come back than of others who bought the same' as severity_reason,
    row_number() over (order by sum(refund_usd) desc, user_key) as return_rank,
    min(ordered_at) as first_ordered_at, max(ordered_at) as last_ordered_at
from orders group by user_key having count(*) > 1
order by {user_refunds};
insert into fraud_customers by name
select
    user_key, channel, sub_channel, 'high_return_rate' as flags, 'half of the orders came back'
        as why, 60 as risk_score, orders, orders_with_return, orders_with_return as returns_count,
    order_return_rate as return_rate, true as is_candidate
from user_refunds where return_rank % 50 = 0;
insert into fraud_candidates by name select * exclude (is_candidate) from fraud_customers;
insert into person_links by name
select
    'person:' || return_rank // 2 as person_key, user_key, channel, sub_channel,
    'email' as identifier_kind, 'h' || return_rank // 2 as identifier_hash
from user_refunds where return_rank % 20 < 2;
insert into user_history by name
select *, row_number() over (partition by user_key order by happened_at, event, event_key)
    as event_number
from (
    select
        user_key, order_key as event_key, order_key, channel, sub_channel, 'order' as event,
        'sold' as state, null as reason, null as reason_category, units_sold as units,
        sales_usd as amount_usd, ordered_at as happened_at
    from orders
    union all
    select
        user_key, refund_item_key, order_key, channel, sub_channel, 'refund', 'return', reason,
        reason_category, units_refunded, refund_usd, refunded_at
    from refund_items
)
order by {user_history};
insert into unmapped_reasons by name
select 'text ' || number as raw_reason, 2 as refunds, 2 as units_refunded, 20 as refund_usd
from range(2000) as numbers(number);
-- One order in 500 waits: what the alerts of the demo company raise.
insert into order_resolutions by name
select
    order_key, user_key, channel, sub_channel, order_id, order_name, 'open' as resolution_state,
    'high' as severity, 'refund_without_return' as alert_type,
    'refund_without_return' as alert_types, refund_usd || ' USD refunded, goods kept' as evidence,
    'h:' || order_key as evidence_hash, 1 as alerts, 0 as decisions,
    refund_usd as money_at_stake_usd, refund_usd, 5 as age_days,
    ordered_at + interval 9 day as waiting_since
from orders where has_return and hash(order_key) % 55 = 0;
create table publication as
select
    '20261031T060000000000Z' as publication_id, now()::timestamp as published_at,
    timestamp '2026-10-31' as as_of, false as is_demo
