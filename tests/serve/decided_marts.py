"""A small publication, made by hand, with a queue to decide on."""

from pathlib import Path

import duckdb

from serve.decisions.published import Published

DELAYED, DOUBLED, QUIET = "shopify:hewyn:1", "shopify:hewyn:2", "shopify:hewyn:3"
# A number that two shops gave.
TWICE = ("desertcart:desertcart:77", "marketplace:onbuy:77")

_TABLES = """
create table publication as
    select '20261031T000000000000Z' as publication_id, {is_demo} as is_demo;
create table orders (order_key varchar, order_id varchar, order_name varchar);
insert into orders values
    ('shopify:hewyn:1', '1', '#1001'), ('shopify:hewyn:2', '2', '#1002'),
    ('shopify:hewyn:3', '3', '#1003'), ('desertcart:desertcart:77', '77', '77'),
    ('marketplace:onbuy:77', '77', '77');
insert into orders select 'shopify:hewyn:9' || range, '9' || range, '#9' || range from range(1000);
create table order_evidence as
    select * from (values
        ('shopify:hewyn:1', 'h1', 12.5000::decimal(18, 4), 1::bigint),
        ('shopify:hewyn:2', 'h2', null, 2)
    ) as evidence(order_key, evidence_hash, refund_usd, refund_items);
create table order_resolutions as
    select
        order_key, 'open' as resolution_state, null::varchar as last_event_id,
        'critical' as severity, 'duplicate_refund' as alert_type,
        'duplicate_refund' as alert_types, '[bold]seen[/]' as evidence, money_at_stake_usd,
        timestamp '2026-10-01' as waiting_since, 30::bigint as age_days,
        null::varchar as assignee, evidence_hash
    from (values
        ('shopify:hewyn:1', 12.5000::decimal(18, 4), 'h1'), ('shopify:hewyn:2', null, 'h2')
    ) as alerts(order_key, money_at_stake_usd, evidence_hash);
create table decision_queue as
    select order_key, row_number() over (order by order_key) as priority from order_resolutions;
"""


def publish_by_hand(warehouse: Path, *, is_demo: bool = False) -> Published:
    """Write the publication into a warehouse folder."""
    warehouse.mkdir(parents=True, exist_ok=True)
    path = warehouse / "marts.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(_TABLES.format(is_demo=is_demo))
    return Published(path)
