"""REST of the demo shop: the numbers of GraphQL, in the shapes of the recorded answers."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from shopify_shared import LINES, SEED, Asking, shared_file

from demo import shopify
from demo.shopify.api.rest import LeakyBucket

MONEY = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
FIELDS = f"""
  id name test createdAt updatedAt cancelledAt cancelReason displayFinancialStatus
  customer {{ id }} totalPriceSet {MONEY} currentTotalPriceSet {MONEY} totalRefundedSet {MONEY}
  lineItems(first: 100) {{ nodes {{ id sku quantity currentQuantity isGiftCard
    originalUnitPriceSet {MONEY} discountAllocations {{ allocatedAmountSet {MONEY} }} }} }}
  fulfillments(first: 50) {{ id status deliveredAt }}
  refunds(first: 50) {{ id note processedAt totalRefundedSet {MONEY}
    refundLineItems(first: 60) {{ nodes {{ id quantity restockType lineItem {{ id }}
      subtotalSet {MONEY} totalTaxSet {MONEY} }} }}
    refundShippingLines(first: 5) {{ nodes {{ id subtotalAmountSet {MONEY} }} }}
    orderAdjustments(first: 5) {{ nodes {{ id amountSet {MONEY} }} }}
    transactions(first: 5) {{ nodes {{ id status amountSet {MONEY} }} }} }}
"""


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    with shopify.running(LINES, SEED) as shop:
        yield Asking(shop)


def _all_orders(asking: Asking, **filters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    answer = asking.get("orders.json", limit=250, **filters)
    while True:
        assert answer.status_code == 200, answer.text
        found += answer.json()["orders"]
        if "next" not in answer.links:
            return found
        answer = asking.get(answer.links["next"]["url"])


def _decimals(bag: dict[str, Any]) -> tuple[Decimal, Decimal]:
    shop = bag.get("shop_money") or bag["shopMoney"]
    seen = bag.get("presentment_money") or bag["presentmentMoney"]
    return Decimal(shop["amount"]), Decimal(seen["amount"])


def _tail(gid: str) -> int:
    return int(gid.rpartition("/")[2])


def test_rest_has_the_numbers_of_graphql(asking: Asking) -> None:
    by_id = {_tail(one["id"]): one for one in asking.every_order(FIELDS, 50)}
    found = _all_orders(asking, status="any", order="updated_at asc")
    assert [one["id"] for one in found] == list(by_id)
    for one in found:
        _same_order(one, by_id[one["id"]])


def _same_order(rest: dict[str, Any], graph: dict[str, Any]) -> None:
    assert (rest["name"], rest["test"]) == (graph["name"], graph["test"])
    assert rest["financial_status"] == graph["displayFinancialStatus"].lower()
    assert rest["created_at"].endswith("+04:00")
    customer = rest["customer"] and rest["customer"]["admin_graphql_api_id"]
    assert customer == (graph["customer"] and graph["customer"]["id"])
    assert _decimals(rest["total_price_set"]) == _decimals(graph["totalPriceSet"])
    assert Decimal(rest["total_price"]) == _decimals(graph["totalPriceSet"])[0]
    assert _decimals(rest["current_total_price_set"]) == _decimals(graph["currentTotalPriceSet"])
    assert len(rest["fulfillments"]) == len(graph["fulfillments"])
    for ours, theirs in zip(rest["line_items"], graph["lineItems"]["nodes"], strict=True):
        assert (ours["id"], ours["sku"]) == (_tail(theirs["id"]), theirs["sku"])
        assert ours["quantity"] == theirs["quantity"]
        assert ours["current_quantity"] == theirs["currentQuantity"]
        assert ours["gift_card"] == theirs["isGiftCard"]
        assert _decimals(ours["price_set"]) == _decimals(theirs["originalUnitPriceSet"])
        assert [_decimals(one["amount_set"]) for one in ours["discount_allocations"]] == [
            _decimals(one["allocatedAmountSet"]) for one in theirs["discountAllocations"]
        ]
    for refund, theirs in zip(rest["refunds"], graph["refunds"], strict=True):
        _same_refund(refund, theirs)


def _same_refund(rest: dict[str, Any], graph: dict[str, Any]) -> None:
    assert (rest["id"], rest["note"]) == (_tail(graph["id"]), graph["note"])
    for ours, theirs in zip(
        rest["refund_line_items"], graph["refundLineItems"]["nodes"], strict=True
    ):
        assert (ours["id"], ours["quantity"]) == (_tail(theirs["id"]), theirs["quantity"])
        assert ours["line_item_id"] == _tail(theirs["lineItem"]["id"])
        assert ours["restock_type"] == theirs["restockType"].lower()
        assert isinstance(ours["subtotal"], float) and isinstance(ours["total_tax"], float)
        assert Decimal(str(ours["subtotal"])) == _decimals(theirs["subtotalSet"])[0]
        assert _decimals(ours["total_tax_set"]) == _decimals(theirs["totalTaxSet"])
    kinds: dict[str, list[Any]] = {"shipping_refund": [], "refund_discrepancy": []}
    for one in rest["order_adjustments"]:
        kinds[one["kind"]].append(_decimals(one["amount_set"]))
    shipping = [
        _decimals(one["subtotalAmountSet"]) for one in graph["refundShippingLines"]["nodes"]
    ]
    assert [(-shop, -seen) for shop, seen in kinds["shipping_refund"]] == shipping
    assert kinds["refund_discrepancy"] == [
        _decimals(one["amountSet"]) for one in graph["orderAdjustments"]["nodes"]
    ]
    for ours, theirs in zip(rest["transactions"], graph["transactions"]["nodes"], strict=True):
        assert (ours["id"], ours["status"]) == (_tail(theirs["id"]), theirs["status"].lower())
        assert Decimal(ours["amount"]) == _decimals(theirs["amountSet"])[1]
        assert ours["currency"] == theirs["amountSet"]["presentmentMoney"]["currencyCode"]


def test_the_default_hides_archived_and_cancelled_orders(asking: Asking) -> None:
    found = _all_orders(asking)
    assert 0 < len(found) < len(_all_orders(asking, status="any"))
    assert all(one["closed_at"] is None and one["cancelled_at"] is None for one in found)
    cancelled = _all_orders(asking, status="cancelled")
    assert cancelled and all(one["cancelled_at"] for one in cancelled)


def test_windows_honour_offsets(asking: Asking) -> None:
    found = _all_orders(
        asking,
        status="any",
        updated_at_min="2026-05-01T00:00:00+04:00",
        updated_at_max="2026-06-01T00:00:00+04:00",
        order="updated_at asc",
    )
    assert found
    assert all("2026-05-01" <= one["updated_at"] <= "2026-06-01T00:00:01" for one in found)


def test_page_info_stands_alone(asking: Asking) -> None:
    first = asking.get("orders.json", limit=3, status="any", updated_at_min="2026-01-01")
    assert "previous" not in first.links
    following = first.links["next"]["url"]
    assert set(parse_qs(urlsplit(following).query)) == {"limit", "page_info"}
    second = asking.get(following)
    assert second.links.keys() == {"previous", "next"}
    assert asking.get(second.links["previous"]["url"]).json() == first.json()
    refused = asking.get(following + "&updated_at_min=2026-01-01")
    assert refused.status_code == 400
    assert (
        "cannot be passed when page_info is present" in refused.json()["errors"]["updated_at_min"]
    )


def test_limits_and_paths_that_are_refused(asking: Asking) -> None:
    refused = asking.get("orders.json", limit=251)
    assert refused.status_code == 400
    assert refused.json() == {"errors": "Limit exceeds maximum limit of 250"}
    assert asking.get("returns.json").status_code == 404
    assert asking.get("orders/1.json").status_code == 404
    assert len(asking.get("orders.json").json()["orders"]) == 50
    only = asking.get("orders.json", fields="id,name", limit=1).json()["orders"][0]
    assert only.keys() == {"id", "name"}


def test_transactions_are_in_the_customers_currency_unless_asked(asking: Asking) -> None:
    foreign = next(
        one for one in _all_orders(asking, status="any") if one["presentment_currency"] == "USD"
    )
    path = f"orders/{foreign['id']}/transactions.json"
    seen = asking.get(path).json()["transactions"][0]
    booked = asking.get(path, in_shop_currency="true").json()["transactions"][0]
    assert (seen["currency"], booked["currency"]) == ("USD", "AED")
    assert Decimal(booked["amount"]) == Decimal(foreign["total_price"])
    assert Decimal(seen["amount"]) < Decimal(booked["amount"])
    refunds = asking.get(f"orders/{foreign['id']}/refunds.json", in_shop_currency="true").json()
    assert all(
        one["currency"] == "AED" for refund in refunds["refunds"] for one in refund["transactions"]
    )


def test_delivery_is_told_by_the_events_of_a_parcel(asking: Asking) -> None:
    order = next(one for one in asking.every_order(FIELDS, 50) if one["fulfillments"])
    parcel = order["fulfillments"][0]
    path = f"orders/{_tail(order['id'])}/fulfillments/{_tail(parcel['id'])}/events.json"
    events = asking.get(path).json()["fulfillment_events"]
    delivered = [one["happened_at"] for one in events if one["status"] == "delivered"]
    assert [datetime.fromisoformat(one) for one in delivered] == [
        datetime.fromisoformat(parcel["deliveredAt"])
    ]


def test_the_bucket_leaks() -> None:
    now = [0.0]
    bucket = LeakyBucket(2, lambda: now[0])
    assert [bucket.pour() for _ in range(41)] == [*range(1, 41), None]
    now[0] = 1.0
    assert [bucket.pour(), bucket.pour(), bucket.pour()] == [39, 40, None]


def test_a_full_bucket_refuses_with_a_decimal(asking: Asking) -> None:
    with shopify.running(1_000, SEED, restore_rate=25) as shop:
        slow = Asking(shop)
        answers = [slow.get("shop.json") for _ in range(12)]
        assert answers[0].headers["X-Shopify-Shop-Api-Call-Limit"] == "1/10"
        refused = answers[-1]
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "2.0"
        assert "X-Shopify-Shop-Api-Call-Limit" not in refused.headers
        assert refused.json()["errors"].startswith("Exceeded 0.5 calls per second")
        time.sleep(float(refused.headers["Retry-After"]))
        assert slow.get("shop.json").status_code == 200


def _recorded(name: str, key: str) -> Any:
    body = json.loads(shared_file(f"rest_examples/{name}").read_text(encoding="utf-8"))["body"]
    return body[key]


def test_shapes_are_those_of_the_recorded_answers(asking: Asking) -> None:
    orders = _all_orders(asking, status="any")
    rich = next(one for one in orders if one["refunds"] and one["customer"] and one["fulfillments"])
    _within(_recorded("order_00.json", "orders")[0], rich, "order")
    _within(_recorded("shop_00.json", "shop"), asking.get("shop.json").json()["shop"], "shop")
    customer = asking.get("customers.json", limit=1).json()["customers"][0]
    _within(_recorded("customer_00.json", "customers")[0], customer, "customer")
    transaction = asking.get(f"orders/{rich['id']}/transactions.json").json()["transactions"][0]
    _within(_recorded("transaction_00.json", "transactions")[0], transaction, "transaction")
    refund = asking.get(f"orders/{rich['id']}/refunds.json").json()["refunds"][0]
    # Its lines are those inside the order, which were compared there.
    _within(
        _recorded("refund_00.json", "refunds")[0], {**refund, "refund_line_items": []}, "refund"
    )
    scopes = asking.get(f"{asking.shop.url}/admin/oauth/access_scopes.json").json()
    _within({"access_scopes": _recorded("access_scope_00.json", "access_scopes")}, scopes, "scopes")


def _within(theirs: Any, ours: Any, where: str) -> None:
    """Hold that everything we send is sent by Shopify too, as a value of the same type."""
    if theirs is None or ours is None:
        return
    assert type(theirs) is type(ours), where
    if isinstance(ours, dict):
        for name, value in ours.items():
            assert name in theirs, f"{where}.{name} is not Shopify's"
            _within(theirs[name], value, f"{where}.{name}")
    elif isinstance(ours, list) and theirs:
        for value in ours:
            _within(theirs[0], value, f"{where}[]")
