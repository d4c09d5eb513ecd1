"""Answers of live shops, through the flatteners and the models: what can be read off them is there.

The recordings lie outside the repository. Each is landed as a shop of its own.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from shopify_shop import SELECTED, Row, land
from warehouse_run import ONLY_MODELS, SHARED_DATA, Warehouse

from extract.shopify import flatten_graphql, flatten_rest
from extract.shopify.rows import Rows
from extract.shopify.tables import TABLES

RECORDINGS = SHARED_DATA / "shopify"
pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"{RECORDINGS} is not there; set SHARED_DATA_DIR"
)

# The steps of a return of two requests, the first of which is approved, closed and opened again.
LIFE = {
    "readAfterFirstRequest": ["requested"],
    "readAfterApprove": ["open"],
    "readAfterSecondRequest": ["open", "requested"],
    "readAfterDecline": ["open", "declined"],
    "readAfterClose": ["completed", "declined"],
    "readAfterReopen": ["open", "declined"],
}


def _capture(name: str) -> Any:
    return json.loads((RECORDINGS / "graphql_captures" / f"{name}.json").read_bytes())


def _partial() -> dict[str, Any]:
    """Return an order of two at 10.00 and 5.00 of shipping, one and the shipping paid back."""
    recorded = _capture("2025-01_orders_refund-create-partial-shipping-restock-parity")
    order = recorded["downstreamRead"]["response"]["data"]["order"]
    refund = recorded["mutation"]["response"]["data"]["refundCreate"]["refund"]
    # Not asked for when it was recorded: the line that was sold, and when.
    unit = refund["refundLineItems"]["nodes"][0]
    line = {"id": unit["lineItem"]["id"], "title": unit["lineItem"]["title"], "quantity": 2}
    shipping = {"id": "gid://shopify/RefundShippingLine/1", "subtotalAmountSet": _cad("5.0")}
    return {
        **order,
        "createdAt": refund["createdAt"],
        "currencyCode": "CAD",
        "lineItems": {"nodes": [{**line, "originalUnitPriceSet": unit["subtotalSet"]}]},
        "refunds": [{**refund, "refundShippingLines": {"nodes": [shipping]}}],
    }


def _foreign() -> dict[str, Any]:
    """Return an order of 9.00 USD that is 13.50 CAD, of which 5.00 USD were paid back: 7.10 CAD."""
    recorded = _capture("2025-01_orders_money-bag-presentment-parity")
    order = recorded["orderCreate"]["response"]["payload"]["data"]["orderCreate"]["order"]
    refund = recorded["refund"]["response"]["payload"]["data"]["refundCreate"]["refund"]
    line = {"id": "gid://shopify/LineItem/1", "title": "Item", "quantity": 1}
    return {
        **order,
        "createdAt": "2026-06-22T23:01:16Z",
        "currencyCode": "CAD",
        "presentmentCurrencyCode": "USD",
        "lineItems": {"nodes": [{**line, **order["lineItems"]["nodes"][0]}]},
        "refunds": [
            {"id": "gid://shopify/Refund/2", "createdAt": "2026-06-23T00:00:00Z", **refund}
        ],
    }


def _life(step: str) -> dict[str, Any]:
    recorded = _capture("2026-04_orders_order-return-status-lifecycle")["mixedCase"][step]
    order = recorded["response"]["payload"]["data"]["detail"]
    return {"createdAt": "2026-07-10T17:00:00Z", **order}


def _rest() -> dict[str, Any]:
    found = json.loads((RECORDINGS / "rest_examples" / "order_00.json").read_bytes())
    order: dict[str, Any] = found["body"]["orders"][0]
    return order


def _cad(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount, "currencyCode": "CAD"}}


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    home: Path = tmp_path_factory.mktemp("recorded")
    flat: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    _add(flat, "partial", flatten_graphql.flatten_order, _partial())
    _add(flat, "foreign", flatten_graphql.flatten_order, _foreign())
    _add(flat, "rest", flatten_rest.flatten_order, _rest())
    for step in LIFE:
        _add(flat, step.lower(), flatten_graphql.flatten_order, _life(step))
    land(home / "raw", "shopify", "20260801T000000000000Z", TABLES, flat)
    (home / "onbuy").mkdir()
    warehouse = Warehouse(home, f"onbuy={home / 'onbuy'}", "2026-08-01T00:00:00Z")
    target = ("--target-path", str(home / "target"))
    warehouse.call("serve", "dbt", "build", *ONLY_MODELS, *SELECTED, *target)
    yield warehouse


def _add(
    flat: dict[str, list[Row]],
    store: str,
    flatten: Callable[[Mapping[str, Any], Rows], None],
    order: Mapping[str, Any],
) -> None:
    rows = Rows(store)
    flatten(order, rows)
    for table in TABLES:
        names = table.column_names[1:]
        for row in rows.of(table.name):
            flat[table.name].append({"store": store, **dict(zip(names, row, strict=True))})


def _refunds(shops: Warehouse, store: str) -> list[tuple[Any, ...]]:
    return shops.ask(
        "select component, refund_kind, units_refunded, refund_amount, currency"
        " from intermediate.int_shopify__refund_lines where sub_channel = ?"
        " order by component, refund_amount",
        [store],
    )


def test_one_of_two_units_and_the_shipping_came_back(shops: Warehouse) -> None:
    assert shops.one(
        "select units_ordered, units_cancelled, ordered_amount, line_state"
        " from intermediate.int_shopify__order_lines where sub_channel = 'partial'"
    ) == (2, 0, 20, "sold")
    assert _refunds(shops, "partial") == [
        ("item", "return", 1, 10, "CAD"),
        ("shipping", "adjustment", 0, 5, "CAD"),
    ]


def test_a_foreign_order_counts_in_the_currency_of_the_shop_at_its_own_rate(
    shops: Warehouse,
) -> None:
    assert shops.one(
        "select ordered_amount, currency from intermediate.int_shopify__order_lines"
        " where sub_channel = 'foreign'"
    ) == (12, "CAD")
    # 5.00 of the 9.00 dollars that were 13.50; the books have 7.10, of a later day's rate.
    assert _refunds(shops, "foreign") == [("adjustment", "adjustment", 0, 7.5, "CAD")]


@pytest.mark.parametrize("step", LIFE)
def test_a_return_is_in_the_state_that_it_was_recorded_in(shops: Warehouse, step: str) -> None:
    states = shops.ask(
        "select return_state, units_returned"
        " from intermediate.int_shopify__return_lines where sub_channel = ? order by return_id",
        [step.lower()],
    )
    assert states == [(state, 1) for state in LIFE[step]]


def test_the_rest_example_gives_its_units_money_and_moment(shops: Warehouse) -> None:
    lines = shops.ask(
        "select sku, units_ordered, units_cancelled, ordered_amount, ordered_at"
        " from intermediate.int_shopify__order_lines where sub_channel = 'rest' order by row_number"
    )
    assert [line[1:4] for line in lines] == [(1, 0, 199)] * 3
    # Five hours behind UTC, as the example says.
    assert {line[4] for line in lines} == {datetime(2008, 1, 10, 16)}
    refunds = _refunds(shops, "rest")
    assert sum(amount for _, _, _, amount, _ in refunds) == 209
    assert sum(units for _, kind, units, _, _ in refunds if kind == "return") == 2
