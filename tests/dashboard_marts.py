"""A small published warehouse with the columns of the contracts, for the tests of the dashboard."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench.made_up_marts import write_company

AS_OF = datetime(2026, 10, 31, tzinfo=UTC)
# Names as a shop may write them: markup, Markdown and a formula.
HOSTILE_NAME = '<img src=x onerror="document.title=1"> **bold** [link](javascript:1)'
FORMULA_NAME = '=HYPERLINK("http://example.com","click")'
WORST_PRODUCT = "sku:P1"
WORST_USER = "shopify:hewyn:U7"

_ROWS = f"""
insert into order_items by name
select
    'item:' || n as order_item_key, 'shop:o' || (n // 2) as order_key,
    'sku:P' || (n % 5) as product_key,
    sub_channel || ':U' || ((n // 2) % 20) as user_key,
    split_part(sub_channel, ':', 1) as channel, split_part(sub_channel, ':', 2) as sub_channel,
    2 as units_ordered, 0 as units_cancelled, 2 as units_sold,
    case when n % 5 = 1 and n % 3 = 0 then 2 when n % 11 = 0 then 1 else 0 end as units_refunded,
    20 as sales_usd, units_refunded * 10 as refund_usd,
    timestamp '2025-11-03' + interval (n // 2 * 43) minute * 20 as ordered_at
from (
    select range as n,
        ['marketplace:amazon_ae', 'marketplace:noon_ae', 'shopify:hewyn'][range // 2 % 3 + 1]
            as sub_channel
    from range(1200)
);
insert into orders by name
select
    order_key, any_value(user_key) as user_key, any_value(channel) as channel,
    any_value(sub_channel) as sub_channel, order_key as order_id, 'N-' || order_key as order_name,
    'open' as resolution_state, sum(units_sold) as units_sold, sum(sales_usd) as sales_usd,
    sum(units_refunded) as units_refunded, sum(refund_usd) as refund_usd, false as is_test,
    false as is_cancelled, sum(units_refunded) > 0 as has_return, true as is_mature,
    min(ordered_at) as ordered_at
from order_items group by order_key;
insert into products by name
select distinct
    product_key, substr(product_key, 5) as sku,
    case product_key when 'sku:P0' then $formula when 'sku:P1' then $hostile
        else 'Plain ' || product_key end as product_name,
    case when product_key in ('sku:P0', 'sku:P1') then 'Toys' else 'Kitchen' end as category
from order_items;
insert into refund_items by name
select
    'r:' || order_item_key as refund_item_key, 'rl:' || order_item_key as refund_line_key,
    'rid:' || order_item_key as refund_id, order_key, order_item_key, product_key, user_key,
    channel, sub_channel, 'return' as refund_kind, 'item' as component,
    case when product_key = 'sku:P1' then 'defective' else 'changed_mind' end as reason,
    case when product_key = 'sku:P1' then 'PRODUCT_ISSUES' else 'CUSTOMER' end as reason_category,
    units_refunded, refund_usd, refund_usd as refund_usd_at_refund_date,
    true as is_in_refund_rate, ordered_at, ordered_at + interval 9 day as refunded_at
from order_items where units_refunded > 0;
insert into channel_weekly by name
select
    'all' as channel, 'all' as sub_channel, 'all' as category,
    date_trunc('week', ordered_at)::date as week_start, count(*) as orders,
    sum(units_sold) as units_sold, sum(units_refunded) as units_refunded,
    sum(units_refunded) / sum(units_sold) as refund_rate, 0.1 as baseline_refund_rate,
    0 as lower_limit, 0.3 as upper_limit, 'within' as chart_position, false as has_moved_up
from order_items group by date_trunc('week', ordered_at);
insert into product_refunds by name
select
    items.product_key, any_value(sku) as sku, any_value(product_name) as product_name,
    any_value(category) as category, sum(units_sold) as units_sold,
    sum(units_refunded) as units_refunded, sum(sales_usd) as sales_usd,
    sum(refund_usd) as refund_usd, sum(units_refunded) / sum(units_sold) as refund_rate,
    0.01 as refund_rate_lower, 0.5 as refund_rate_upper,
    case items.product_key when '{WORST_PRODUCT}' then 'critical' else 'normal' end as severity,
    'more of it comes back than of its peers' as severity_reason,
    sum(refund_usd)::double as money_at_stake_usd, 'defective' as top_reason,
    'PRODUCT_ISSUES' as top_reason_category, 'Inspect the batch' as top_reason_advice,
    row_number() over (order by sum(refund_usd) desc, items.product_key) as refund_rank
from order_items as items inner join products using (product_key) group by items.product_key;
insert into user_refunds by name
select
    user_key, any_value(channel) as channel, any_value(sub_channel) as sub_channel,
    count(distinct order_key) as orders,
    count(distinct order_key) filter (where units_refunded > 0) as orders_with_return,
    sum(units_sold) as units_sold, sum(units_refunded) as units_refunded,
    sum(refund_usd) as refund_usd, 0.3 as order_return_rate, 0.1 as order_return_rate_lower,
    0.5 as order_return_rate_upper, 1 as money_at_stake_usd,
    case user_key when '{WORST_USER}' then 'high' else 'normal' end as severity,
    'more than chance' as severity_reason,
    row_number() over (order by user_key) as return_rank, min(ordered_at) as first_ordered_at,
    max(ordered_at) as last_ordered_at
from order_items group by user_key;
insert into user_history by name
select
    user_key, row_number() over (partition by user_key order by ordered_at, order_key)
        as event_number,
    order_key as event_key, order_key, channel, sub_channel, 'order' as event, 'sold' as state,
    units_sold as units, sales_usd as amount_usd, ordered_at as happened_at
from orders;
insert into unmapped_reasons by name
select 'something odd' as raw_reason, 2 as refunds, 2 as units_refunded, 20 as refund_usd;
insert into order_resolutions by name
select
    order_key, user_key, channel, sub_channel, order_id, order_name,
    'open' as resolution_state, 'high' as severity, 'refund_without_return' as alert_type,
    'refund_without_return' as alert_types, refund_usd || ' USD refunded, goods kept' as evidence,
    'h:' || order_key as evidence_hash, 1 as alerts, 0 as decisions,
    refund_usd as money_at_stake_usd, refund_usd, 5 as age_days,
    ordered_at + interval 9 day as waiting_since
from orders where units_refunded > 2;
"""


def write_marts(warehouse_dir: Path, publication_id: str = "20261031T060000000000Z") -> Path:
    """Write `marts.duckdb` as a publication would and return its path."""
    warehouse_dir.mkdir(parents=True, exist_ok=True)
    beside = warehouse_dir / "marts.duckdb.new"
    beside.unlink(missing_ok=True)
    connection = duckdb.connect(str(beside))
    write_company(connection, _ROWS, {"formula": FORMULA_NAME, "hostile": HOSTILE_NAME})
    connection.execute(
        "create table publication as select $id as publication_id, now()::timestamp as "
        "published_at, $as_of::timestamp as as_of, false as is_demo",
        {"id": publication_id, "as_of": AS_OF.replace(tzinfo=None)},
    )
    connection.close()
    database = warehouse_dir / "marts.duckdb"
    return beside.replace(database)


def settings_for(home: Path) -> dict[str, str]:
    """Return the environment of a company whose warehouse lies in `home`."""
    drop = home / "drop"
    drop.mkdir(parents=True, exist_ok=True)
    return {
        "MARKETPLACE_DIR": str(drop),
        "RAW_DIR": str(home / "raw"),
        "BUILD_DATABASE": str(home / "build.duckdb"),
        "WAREHOUSE_DIR": str(home / "warehouse"),
        "AS_OF": "2026-10-31",
        "DECISION_ACTOR": "tester",
    }
