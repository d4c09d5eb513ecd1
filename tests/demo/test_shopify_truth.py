"""What the demo shop serves is what the company knows, with the complications on top."""

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import requests
from shopify_shared import ALL_MONEY, LINES, PROJECT, SEED, Asking

from demo import shopify
from demo.company import BY_CODE, Company
from demo.shopify.shop.complications import SERIAL_CUSTOMER
from demo.shopify.shop.values import gid, own_number

FIELDS = """
  id name test edited createdAt updatedAt cancelledAt presentmentCurrencyCode returnStatus
  displayFinancialStatus customer { id } taxesIncluded
  totalPriceSet { ...M } totalReceivedSet { ...M } totalRefundedSet { ...M }
  totalTaxSet { ...M } totalShippingPriceSet { ...M }
  lineItems(first: 100) { nodes { id quantity currentQuantity isGiftCard
    discountedUnitPriceAfterAllDiscountsSet { ...M } } }
  fulfillments(first: 10) { deliveredAt displayStatus }
  refunds(first: 20) { note totalRefundedSet { ...M }
    refundLineItems(first: 60) { nodes { quantity restockType subtotalSet { ...M }
      totalTaxSet { ...M } lineItem { id } } }
    refundShippingLines(first: 5) { nodes { subtotalAmountSet { ...M } } }
    orderAdjustments(first: 5) { nodes { amountSet { ...M } } }
    transactions(first: 5) { nodes { kind status amountSet { ...M } } } }
"""
RETURNS = """
  id returns(first: 20) { nodes { status closedAt exchangeLineItems(first: 5) { nodes { id } }
    decline { reason } returnLineItems(first: 60) { nodes { __typename returnReason
      returnReasonNote customerNote returnReasonDefinition { handle deleted } } } } } updatedAt
"""


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    with shopify.running(LINES, SEED) as shop:
        yield Asking(shop)


@pytest.fixture(scope="module")
def orders(asking: Asking) -> dict[int, dict[str, Any]]:
    return {int(one["id"].rpartition("/")[2]): one for one in asking.every_order(FIELDS, 50)}


def _shop(bag: dict[str, Any]) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"])


def test_the_companys_orders_are_served_unchanged(asking: Asking) -> None:
    own = [one for one in asking.shop.truth() if one.kind is None]
    with Company(LINES, SEED) as company:
        cursor = company.cursor()
        totals: Counter[str] = Counter()
        for chunk in company.chunks(BY_CODE["hewyn"]):
            company.fill(cursor, chunk)
            row = cursor.execute(
                """
                select
                    (select count(*) from chunk_orders),
                    (select sum(quantity) from chunk_lines),
                    (select sum(quantity) from chunk_lines where line_state = 'cancelled'),
                    (select sum(line_minor) from chunk_lines),
                    (select sum(units) from chunk_returns where refunded_at is not null),
                    (select count(*) from chunk_returns where kind in ('return', 'declined'))
                """
            ).fetchall()[0]
            names = ("orders", "ordered", "cancelled", "minor", "refunded", "returns")
            totals.update(dict(zip(names, map(int, row), strict=True)))
    assert totals["orders"] == len(own)
    assert totals["ordered"] == sum(one.units_ordered for one in own)
    assert totals["cancelled"] == sum(one.units_cancelled for one in own)
    assert totals["refunded"] == sum(one.units_refunded for one in own)
    assert totals["returns"] == sum(one.returns for one in own)
    assert Decimal(totals["minor"]) / 100 == sum(one.sales for one in own)


def test_the_truth_can_be_read_off_the_answers(
    asking: Asking, orders: dict[int, dict[str, Any]]
) -> None:
    for one in asking.shop.truth():
        order = orders[one.order_id]
        assert _shop(order["totalRefundedSet"]) == one.refunded
        moved = [
            _shop(paid["amountSet"])
            for refund in order["refunds"]
            for paid in refund["transactions"]["nodes"]
            if paid["status"] == "SUCCESS" and paid["kind"] == "REFUND"
        ]
        assert sum(moved) == one.refunded
        goods = [line for line in order["lineItems"]["nodes"] if not line["isGiftCard"]]
        assert sum(line["quantity"] for line in goods) == one.units_ordered
        assert (order["test"], order["cancelledAt"] is not None) == (one.is_test, one.is_cancelled)


def test_refunds_add_up_to_what_they_meant_to_give(orders: dict[int, dict[str, Any]]) -> None:
    """Lines and tax and shipping, less what was kept, are what each transaction is for."""
    checked = 0
    for order in orders.values():
        for refund in order["refunds"]:
            lines = refund["refundLineItems"]["nodes"]
            meant = sum(_shop(one["subtotalSet"]) + _shop(one["totalTaxSet"]) for one in lines)
            shipping = refund["refundShippingLines"]["nodes"]
            meant += sum(_shop(one["subtotalAmountSet"]) for one in shipping)
            kept = refund["orderAdjustments"]["nodes"]
            meant -= sum(_shop(one["amountSet"]) for one in kept)
            for paid in refund["transactions"]["nodes"]:
                assert _shop(paid["amountSet"]) == meant
                checked += 1
        assert _shop(order["totalRefundedSet"]) <= _shop(order["totalReceivedSet"])
    assert checked > 60


def test_complications_are_there_and_do_not_depend_on_the_size(asking: Asking) -> None:
    with shopify.running(1_000, 3) as small:
        others = {one.order_id: one for one in small.truth() if one.kind}
    own = {one.order_id: one for one in asking.shop.truth() if one.kind}
    assert own == others
    kinds = Counter(one.kind for one in own.values())
    assert len(kinds) == 20 and sum(kinds.values()) == len(own) > 60


def test_each_complication_shows(asking: Asking, orders: dict[int, dict[str, Any]]) -> None:
    returns = {one["id"]: one for one in asking.every_order(RETURNS, 12)}
    of_kind: dict[str, list[dict[str, Any]]] = {}
    for one in asking.shop.truth():
        order = orders[one.order_id]
        of_kind.setdefault(one.kind or "", []).append({**order, **returns[order["id"]]})
    assert all(one["test"] for one in of_kind["test_order"])
    assert all(
        any(line["isGiftCard"] for line in one["lineItems"]["nodes"])
        for one in of_kind["gift_card"]
    )
    assert all(one["edited"] for one in of_kind["edited"])
    assert all(one["cancelledAt"] for one in of_kind["cancelled"][:3])
    assert {line["restockType"] for line in _refund_lines(of_kind["cancelled"])} == {"CANCEL"}
    assert not _refund_lines(of_kind["refund_without_lines"])
    for one in of_kind["shipping_only_refund"]:
        assert _shop(one["totalRefundedSet"]) == _shop(one["totalShippingPriceSet"]) > 0
    statuses = [
        tuple(paid["status"] for paid in refund["transactions"]["nodes"])
        for one in of_kind["failed_refund"]
        for refund in one["refunds"]
    ]
    assert statuses == [("FAILURE",), ("FAILURE", "SUCCESS"), ("PENDING",)]
    currencies = {one["presentmentCurrencyCode"] for one in of_kind["foreign_currency"]}
    assert currencies == {"USD", "EUR"}
    assert all(
        one["customer"] is None for kind in ("guest", "deleted_customer") for one in of_kind[kind]
    )
    states = {held["status"] for one in of_kind["return_state"] for held in one["returns"]["nodes"]}
    assert states == {"DECLINED", "CANCELED", "REQUESTED", "OPEN", "CLOSED"}
    parcels = [
        [held["deliveredAt"] is None for held in one["fulfillments"]] for one in of_kind["parcels"]
    ]
    assert sorted(map(len, parcels)) == [1, 1, 2, 3] and any(map(any, parcels))
    assert max(len(one["lineItems"]["nodes"]) for one in of_kind["long_order"]) == 60
    assert all(_shop(one["totalTaxSet"]) > 0 for one in of_kind["taxed"])
    assert any(_shop(line["totalTaxSet"]) for line in _refund_lines(of_kind["taxed"]))
    assert all(
        one["returns"]["nodes"][0]["exchangeLineItems"]["nodes"] for one in of_kind["exchange"]
    )
    told = [
        line
        for one in of_kind["reason"]
        for held in one["returns"]["nodes"]
        for line in held["returnLineItems"]["nodes"]
    ]
    assert {line["returnReasonDefinition"] is None for line in told} == {True, False}
    assert any(line["returnReasonNote"] for line in told) and any(
        line["customerNote"] for line in told
    )
    unverified = of_kind["unverified_return"][0]["returns"]["nodes"][0]["returnLineItems"]["nodes"]
    assert unverified[0]["__typename"] == "UnverifiedReturnLineItem"
    customer = gid("Customer", own_number("Customer", SERIAL_CUSTOMER))
    assert {one["customer"]["id"] for one in of_kind["serial_returner"]} == {customer}
    assert sum(bool(one["refunds"]) for one in of_kind["serial_returner"]) == 6


def _refund_lines(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        line
        for one in orders
        for refund in one["refunds"]
        for line in refund["refundLineItems"]["nodes"]
    ]


def test_returns_are_closed_after_their_orders_last_changed(asking: Asking) -> None:
    late = [
        one
        for one in asking.every_order(RETURNS, 12)
        for held in one["returns"]["nodes"]
        if held["closedAt"] and held["closedAt"] > one["updatedAt"]
    ]
    assert len(late) > 10


def test_nothing_is_later_than_the_shops_now(orders: dict[int, dict[str, Any]]) -> None:
    assert max(one["updatedAt"] for one in orders.values()) <= "2026-10-31T00:00:00Z"
    assert all(one["createdAt"] <= one["updatedAt"] for one in orders.values())


def test_the_same_seed_serves_the_same_bytes(asking: Asking) -> None:
    query = f"{{ orders(first: 40) {{ nodes {{ {FIELDS} }} }} }} {ALL_MONEY}"
    with shopify.running(LINES, SEED) as again:
        assert Asking(again).data(query) == asking.data(query)


def test_the_command_serves_until_it_is_stopped() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "demo", "shopify", "--port", "0", "--lines", "1000"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert found, first
    assert (
        requests.get(f"{found.group()}/admin/api/2026-10/shop.json", timeout=10).status_code == 401
    )
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0
    assert told.strip() == "demo: stopped"
