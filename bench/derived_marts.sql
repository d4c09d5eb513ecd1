-- What follows from the order lines, refunds and open orders of a made-up company, in the tables of
-- the published contracts. The trends are made up: one channel went up.
insert into category_kpis_daily by name
select
    channel, sub_channel, category, kpi_date, sum(orders) as orders,
    sum(orders) as shipped_orders, sum(orders_with_return) as orders_with_return,
    sum(units_sold) as units_sold, sum(units_refunded) as units_refunded,
    sum(sales_usd) as sales_usd, sum(refund_usd) as refund_usd,
    sum(units_by_refund) as units_refunded_by_refund_date,
    sum(usd_by_refund) as refund_usd_by_refund_date
from (
    select
        items.channel, items.sub_channel, coalesce(category, 'all') as category,
        ordered_at::date as kpi_date, count(distinct order_key) as orders,
        count(distinct order_key) filter (where has_return) as orders_with_return,
        sum(items.units_sold) as units_sold, sum(items.units_refunded) as units_refunded,
        sum(items.sales_usd) as sales_usd, sum(items.refund_usd) as refund_usd,
        0 as units_by_refund, 0 as usd_by_refund
    from order_items as items
    inner join products using (product_key)
    inner join (select order_key, has_return from orders) using (order_key)
    group by items.channel, items.sub_channel, ordered_at::date, grouping sets ((), (category))
    union all
    select
        channel, sub_channel, coalesce(category, 'all'), refunded_at::date, 0, 0, 0, 0, 0, 0,
        sum(units_refunded) filter (where is_in_refund_rate), sum(refund_usd_at_refund_date)
    from refund_items inner join products using (product_key)
    group by channel, sub_channel, refunded_at::date, grouping sets ((), (category))
)
group by channel, sub_channel, category, kpi_date
order by {category_kpis_daily};
insert into channel_kpis by name
select
    coalesce(channel, 'all') as channel, coalesce(sub_channel, 'all') as sub_channel,
    count(*) as orders, count(*) filter (where has_return) as orders_with_return,
    sum(units_sold) as units_sold, sum(units_refunded) as units_refunded,
    sum(sales_usd) as sales_usd, sum(refund_usd) as refund_usd,
    sum(units_refunded) / sum(units_sold) as refund_rate,
    sum(refund_usd) / sum(sales_usd) as refund_value_rate,
    count(*) filter (where has_return) / count(*) as order_return_rate,
    sum(refund_usd) as refund_usd_by_refund_date, 0.05 as previous_refund_rate,
    0.1 as current_refund_rate, 0.05 as refund_rate_change, 0.001 as trend_p_value,
    case when sub_channel = 'hewyn' then 'up' else 'flat' end as trend_direction,
    min(ordered_at) as first_ordered_at, max(ordered_at) as last_ordered_at
from orders group by grouping sets ((), (channel), (channel, sub_channel));
insert into refund_reasons by name
select
    channel, sub_channel, reason_category, reason, count(*) as refunds,
    sum(units_refunded) as units_refunded, sum(refund_usd) as refund_usd
from refund_items where is_in_refund_rate group by all;
insert into reason_by_month by name
select
    channel, sub_channel, date_trunc('month', refunded_at)::date as refund_month, reason_category,
    reason, count(*) as refunds, sum(units_refunded) as units_refunded
from refund_items where is_in_refund_rate group by all;
insert into reason_by_product by name
select
    product_key, reason_category, reason, count(*) as refunds,
    sum(units_refunded) as units_refunded, sum(refund_usd) as refund_usd,
    sum(units_refunded) / sum(sum(units_refunded)) over (partition by product_key) as refund_share
from refund_items where is_in_refund_rate group by product_key, reason_category, reason;
insert into order_evidence by name
select order_key, 'h:' || order_key as evidence_hash, 1 as refund_items, refund_usd
from orders where has_return;
insert into decision_queue by name
select
    row_number() over (order by money_at_stake_usd desc, order_key) as priority,
    * exclude (last_event_id, reason_code, reason_label, reason_set_version, previous_decision,
        reason_category_reported, reason_category_decided, alerts, refund_usd_at_decision,
        affects_metrics, expires_at),
    'High refund, goods kept' as alert_label, 'Ask why' as advice
from order_resolutions;
