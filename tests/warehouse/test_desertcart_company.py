"""The demo shop through the real extractor and build, amount by amount against what was put in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from currency_build import configured
from warehouse_run import ONLY_MODELS, Warehouse

import demo
from demo import metabase
from demo.company.period import AS_OF
from demo.owner_rates import write_owner_rates

LINES, SEED = 36_000, 42
# Mills and yen: a blanket hundred would be wrong for every one of them.
UNUSUAL = "('KWD', 'BHD', 'OMR', 'JOD', 'TND', 'JPY', 'KRW')"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Extract the shop, its rates and two sources that are not configured, and build all models."""
    home: Path = tmp_path_factory.mktemp("shop")
    demo.truth(home / "truth", LINES, SEED)
    write_owner_rates(home / "rates.csv")
    with metabase.running(lines=LINES, seed=SEED) as server:
        settings = {
            "METABASE_URL": server.url,
            "METABASE_API_KEY": server.api_key,
            "METABASE_DATABASE_ID": str(server.database_id),
            "RATES_FILE": str(home / "rates.csv"),
        }
        warehouse = configured(home, AS_OF.isoformat(), settings)
        for source in ("metabase", "rates", "shopify", "marketplace"):
            warehouse.call("extract", source)
    target = ("--target-path", str(home / "target"))
    tests_of_money = "path:tests/assertions/money"
    warehouse.call("serve", "dbt", "build", *ONLY_MODELS, *target)
    warehouse.call("serve", "dbt", "test", *target, "--select", tests_of_money)
    yield warehouse


def _truth(shop: Warehouse, table: str) -> str:
    return f"read_parquet('{shop.home}/truth/{table}/desertcart-*.parquet')"


def test_every_amount_equals_to_the_subunit_what_the_shop_sold(shop: Warehouse) -> None:
    lines, wrong, unusual = shop.one(
        f"""
        with put_in as (
            select order_id, 'sku:' || sku as product_key, currency,
                sum(quantity) as units, sum(line_amount) as amount
            from {_truth(shop, "order_lines")} group by all
        ),
        found as (
            select orders.order_name as order_id, order_items.product_key, order_items.currency,
                sum(order_items.units_ordered) as units,
                sum(order_items.ordered_amount - order_items.discount_amount) as amount
            from order_items inner join orders using (order_key)
            where order_items.channel = 'desertcart' group by all
        )
        select count(*),
            count(*) filter (
                where (found.units, found.amount) is distinct from (put_in.units, put_in.amount)
            ),
            count(*) filter (where put_in.currency in {UNUSUAL})
        from put_in left join found using (order_id, product_key, currency)
        """
    )
    assert wrong == 0
    assert lines > 10_000
    assert unusual > 3_000


def test_every_refund_equals_to_the_subunit_what_was_paid_back(shop: Warehouse) -> None:
    refunds, wrong, unusual = shop.one(
        f"""
        with put_in as (
            select order_id, 'sku:' || sku as product_key, currency,
                sum(units) as units, sum(refund_amount) as amount
            from {_truth(shop, "refunds")} where refunded_at is not null group by all
        ),
        found as (
            select orders.order_name as order_id, refund_items.product_key, refund_items.currency,
                sum(refund_items.units_refunded) as units,
                sum(refund_items.refund_amount) as amount
            from refund_items inner join orders using (order_key)
            where refund_items.channel = 'desertcart' and refund_items.component = 'item'
            group by all
        )
        select count(*),
            count(*) filter (
                where (found.units, found.amount) is distinct from (put_in.units, put_in.amount)
            ),
            count(*) filter (where put_in.currency in {UNUSUAL})
        from put_in left join found using (order_id, product_key, currency)
        """
    )
    assert wrong == 0
    assert refunds > 500
    assert unusual > 100


def test_a_line_that_came_back_whole_came_back_exactly(shop: Warehouse) -> None:
    lines, currencies, wrong = shop.one(
        """
        with refunds as (
            select order_item_key, sum(units_refunded) as units, sum(refund_amount) as amount,
                sum(refund_usd) as usd
            from refund_items
            where is_in_refund_rate and channel = 'desertcart' group by all
        )
        select count(*), count(distinct order_items.currency),
            count(*) filter (where refunds.usd is distinct from order_items.sales_usd)
        from order_items inner join refunds using (order_item_key)
        where refunds.units = order_items.units_sold and refunds.amount = order_items.sales_amount
        """
    )
    assert wrong == 0
    assert lines > 200
    assert currencies >= 15


def test_everything_reconciles_and_only_dinars_without_a_rate_have_no_usd(shop: Warehouse) -> None:
    assert shop.ask("select * from reconciliation where not is_reconciled") == []
    tables = shop.ask("select distinct record_type from reconciliation where source = 'desertcart'")
    assert {name for (name,) in tables} == {"orders", "order_items", "refunds", "refund_items"}
    currencies = shop.one("select count(distinct currency) from order_items")[0]
    assert currencies >= 18
    assert shop.ask("select distinct currency, missing_part from missing_rates") == [
        ("KWD", "rate")
    ]
    left_out = shop.ask(
        "select distinct excluded_reason from exclusions"
        " where channel = 'desertcart' and left_out_of = 'core'"
    )
    assert {("test_order",), ("gift_card_line",), ("refund_not_given",)} <= set(left_out)
