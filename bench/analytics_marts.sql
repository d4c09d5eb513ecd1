-- Core tables of a made-up retailer: parameters lines, products, customers. Two years up to AS_OF.
-- Every number follows from the line's own, so that two runs hold the same rows.
create table drawn as
select
    line,
    line // 2 as order_number,
    hash(line // 2) as order_draw,
    hash(line, 1) % 1000000 / 1e6 as product_draw,
    hash(line, 2) % 1000000 / 1e6 as unit_draw,
    hash(line, 3) % 1000000 / 1e6 as refund_draw,
    hash(line, 4) % 1000000 / 1e6 as price_draw,
    hash(line, 5) % 1000000 / 1e6 as lag_draw
from range(getvariable('lines')) as numbers (line);

create table placed as
with named as (

    select
        *,
        case
            when order_draw % 100 < 30 then 'desertcart'
            when order_draw % 100 < 45 then 'hewyn'
            when order_draw % 100 < 60 then 'amazon_ae'
            when order_draw % 100 < 72 then 'amazon_in'
            when order_draw % 100 < 80 then 'amazon_sa'
            when order_draw % 100 < 85 then 'amazon_za'
            when order_draw % 100 < 92 then 'noon_ae'
            when order_draw % 100 < 96 then 'onbuy'
            else 'walmart_ca'
        end as sub_channel,
        -- A few products sell most; they differ in how often they come back.
        cast(floor(pow(product_draw, 2.5) * getvariable('products')) as bigint) as product_number,
        1 + cast(unit_draw > 0.8 as bigint) + cast(unit_draw > 0.95 as bigint) * 2 as units_ordered
    from drawn

)

select
    line,
    case sub_channel
        when 'desertcart' then 'desertcart' when 'hewyn' then 'shopify' else 'marketplace'
    end as channel,
    sub_channel,
    concat(
        case sub_channel
            when 'desertcart' then 'desertcart' when 'hewyn' then 'shopify' else 'marketplace'
        end,
        ':', sub_channel, ':', 100000000000 + order_number
    ) as order_key,
    concat('sku:SKU-', product_number) as product_key,
    -- Marketplaces of one house do not name their customers.
    case
        when not starts_with(sub_channel, 'amazon') and sub_channel != 'noon_ae'
            then concat(sub_channel, ':', order_draw // 100 % (getvariable('customers') // 5))
    end as user_key,
    units_ordered,
    cast(unit_draw < 0.03 as bigint) * units_ordered as units_cancelled,
    case
        when unit_draw >= 0.03 and refund_draw < 0.08 * (0.4 + 1.2 * (
            hash(product_number) % 1000 / 1e3
        )) then units_ordered
        else 0
    end as units_refunded,
    cast((5 + 60 * price_draw) * units_ordered as decimal(18, 4)) as sales_usd,
    getvariable('as_of') - to_hours(cast(order_draw // 100000 % (730 * 24) as bigint))
        as ordered_at,
    cast(1 + floor(lag_draw * lag_draw * 45) as bigint) as days_to_refund,
    ['damaged_in_transit', 'wrong_item_sent', 'defective', 'not_as_described', 'changed_mind'][
        1 + cast(floor(price_draw * 5) as bigint)
    ] as reason,
    product_number
from named;

drop table drawn;

create table order_items as
select
    concat(order_key, ':', line) as order_item_key,
    order_key,
    product_key,
    user_key,
    channel,
    sub_channel,
    units_ordered,
    units_cancelled,
    units_ordered - units_cancelled as units_sold,
    case
        when ordered_at + to_days(days_to_refund) <= getvariable('as_of') then units_refunded
        else 0
    end as units_refunded,
    sales_usd,
    case
        when units_refunded > 0 and ordered_at + to_days(days_to_refund) <= getvariable('as_of')
            then sales_usd
    end as refund_usd,
    ordered_at
from placed;

create table refund_items as
select
    concat(placed.order_key, ':', placed.line, ':refund') as refund_item_key,
    concat(placed.order_key, ':', placed.line, ':refund') as refund_line_key,
    concat('R', placed.line) as refund_id,
    placed.order_key,
    concat(placed.order_key, ':', placed.line) as order_item_key,
    placed.product_key,
    placed.user_key,
    placed.channel,
    placed.sub_channel,
    'return' as refund_kind,
    'item' as component,
    placed.reason as raw_reason,
    placed.reason,
    reasons.reason_category,
    'exact' as reason_match,
    placed.units_refunded,
    placed.sales_usd as refund_amount,
    placed.sales_usd as refund_usd,
    placed.sales_usd as refund_usd_at_refund_date,
    true as is_in_refund_rate,
    placed.ordered_at,
    placed.ordered_at + to_days(placed.days_to_refund) as refunded_at,
    placed.days_to_refund
from placed
inner join reasons
    on placed.reason = reasons.reason
where
    placed.units_refunded > 0
    and placed.ordered_at + to_days(placed.days_to_refund) <= getvariable('as_of');

create table return_items as
select
    refund_item_key as return_item_key,
    order_key,
    user_key,
    channel,
    sub_channel,
    'refunded' as return_status,
    reason,
    reason_category,
    units_refunded as units_returned,
    refunded_at as requested_at,
    refunded_at as received_at
from refund_items;

create table orders as
select
    order_key,
    min(user_key) as user_key,
    min(channel) as channel,
    min(sub_channel) as sub_channel,
    cast(sum(units_ordered) as bigint) as units_ordered,
    sum(sales_usd) as sales_usd,
    false as is_test,
    sum(units_sold) = 0 as is_cancelled,
    sum(units_refunded) > 0 as has_return,
    min(ordered_at) <= getvariable('as_of') - interval '30 days' as is_mature,
    min(ordered_at) as ordered_at
from order_items
group by order_key;

create table products as
select
    concat('sku:SKU-', product_number) as product_key,
    concat('SKU-', product_number) as sku,
    concat('Product ', product_number) as product_name,
    case
        when product_number % 50 != 0 then concat('Category ', product_number % 40)
    end as category,
    'Brand' as brand,
    'many' as sub_channels,
    'many' as channels
from range(getvariable('products')) as numbers (product_number);

create table users as
select
    user_key,
    min(channel) as channel,
    min(sub_channel) as sub_channel,
    count(*) as orders_count,
    min(ordered_at) as first_ordered_at,
    max(ordered_at) as last_ordered_at
from orders
where user_key is not null
group by user_key;

drop table placed;

-- One refunded order in a thousand has been dealt with.
create schema if not exists intermediate;

create table intermediate.int_orders__left_out as
select
    order_key,
    'GOODWILL' as excluded_reason,
    true as is_out_of_scans,
    false as is_out_of_metrics
from orders
where has_return and hash(order_key) % 1000 = 0;
