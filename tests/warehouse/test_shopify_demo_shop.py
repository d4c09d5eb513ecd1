"""The demo shop, read over HTTP and built: what the models say of it is what was put into it."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from shopify_shop import SELECTED
from warehouse_run import ONLY_MODELS, PROJECT, Warehouse

from demo import shopify
from demo.company.period import AS_OF
from demo.shopify import OrderTruth

LINES = 8_000

# Lines that an exchange adds are no sales here, and a gift card given back is no refund.
EXCHANGE, GIFT_CARD = "exchange", "gift_card"
# Cents of another currency are worth some fils.
FOREIGN, ROUNDING = "foreign_currency", Decimal("0.05")


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Warehouse, dict[str, OrderTruth]]:
    home: Path = tmp_path_factory.mktemp("demo_shop")
    # With no source configured at all it would be the demo company's folders that are read.
    warehouse = Warehouse(home, f"onbuy={home}", AS_OF.isoformat())
    with shopify.running(LINES) as shop:
        subprocess.run(
            [sys.executable, "-m", "extract", "shopify"],
            cwd=PROJECT,
            env={
                **os.environ,
                "SHOPIFY_URL": shop.url,
                "SHOPIFY_STORE": shop.store,
                "SHOPIFY_ACCESS_TOKEN": shop.access_token,
                "SHOPIFY_API": "graphql",
                "RAW_DIR": str(home / "raw"),
            },
            capture_output=True,
            check=True,
        )
        truth = {str(order.order_id): order for order in shop.truth()}
    target = ("--target-path", str(home / "target"))
    warehouse.call("serve", "dbt", "build", *ONLY_MODELS, *SELECTED, *target)
    return warehouse, truth


def test_units_and_sales_are_those_of_the_shop(
    built: tuple[Warehouse, dict[str, OrderTruth]],
) -> None:
    warehouse, truth = built
    sold = {
        order_id: (int(units), int(cancelled), sales)
        for order_id, units, cancelled, sales in warehouse.ask(
            "select order_id, sum(units_ordered), sum(units_cancelled),"
            " sum(ordered_amount - discount_amount)"
            " from intermediate.int_shopify__order_lines group by order_id"
        )
    }
    expected = {
        order_id: (order.units_ordered, order.units_cancelled, order.sales)
        for order_id, order in truth.items()
        if not order.is_test and order.units_ordered and order.kind != EXCHANGE
    }
    exchanged = {order_id for order_id, order in truth.items() if order.kind == EXCHANGE}
    assert exchanged
    assert {key: value for key, value in sold.items() if key not in exchanged} == expected
    # One sold, one sent in its place.
    assert {sold[order_id][:2] for order_id in exchanged} == {(1, 0)}


def test_refunds_are_the_money_that_went_and_the_units_it_went_for(
    built: tuple[Warehouse, dict[str, OrderTruth]],
) -> None:
    warehouse, truth = built
    refunded = {
        order_id: (amount, int(units))
        for order_id, amount, units in warehouse.ask(
            "select order_id, sum(refund_amount), coalesce(sum(units_refunded)"
            " filter (where refund_kind not in ('cancellation', 'adjustment')), 0)"
            " from intermediate.int_shopify__refund_lines group by order_id"
        )
    }
    expected = {
        order_id: (order.refunded, order.units_refunded)
        for order_id, order in truth.items()
        if not order.is_test and order.kind != GIFT_CARD
    }
    nothing = (Decimal(0), 0)
    for order_id, order in truth.items():
        if order.kind == FOREIGN and order_id in refunded:
            (paid, units), (worth, _) = refunded[order_id], expected[order_id]
            assert abs(paid - worth) < ROUNDING
            refunded[order_id] = (worth, units)
    assert {key: refunded.get(key, nothing) for key in expected} == expected
    assert set(refunded) <= set(expected)


def test_every_return_is_there(built: tuple[Warehouse, dict[str, OrderTruth]]) -> None:
    warehouse, truth = built
    returns = dict(
        warehouse.ask(
            "select order_id, count(distinct return_id)"
            " from intermediate.int_shopify__return_lines group by order_id"
        )
    )
    assert returns == {
        order_id: order.returns
        for order_id, order in truth.items()
        if order.returns and not order.is_test
    }
