"""An endless made-up shop that answers without a network, out of templates."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from extract.shopify.client import ShopifyClient
from extract.shopify.shop import Shop

PAGE = 250
_AT = "2026-05-01T10:11:12Z"
_END = {"hasNextPage": False, "endCursor": None}
# Stands for the number of the page, in ids that are otherwise the same on every page.
_PAGE_MARK = "@@@@@@"
_SUMS = (
    "totalPrice",
    "currentTotalPrice",
    "totalReceived",
    "totalRefunded",
    "totalShippingPrice",
    "totalTax",
    "totalDiscounts",
)

Node = dict[str, Any]


def _money(currency: str = "AED") -> Node:
    side = {"amount": "120.5", "currencyCode": currency}
    return {"shopMoney": side, "presentmentMoney": side}


def _list(*nodes: Node) -> Node:
    return {"nodes": list(nodes), "pageInfo": _END}


def _gid(kind: str, place: int, part: int = 0) -> str:
    return f"gid://shopify/{kind}/7{_PAGE_MARK}{place:03}{part}"


def _line(place: int, part: int) -> Node:
    return {
        "id": _gid("LineItem", place, part),
        "title": f"A product with a rather long name {place}",
        "variantTitle": "Large",
        "sku": f"SKU-{place}",
        "vendor": "Vendor",
        "quantity": 1,
        "currentQuantity": 1,
        "isGiftCard": False,
        "requiresShipping": True,
        "product": {"id": _gid("Product", place), "productType": "Kitchen"},
        "variant": {"id": _gid("ProductVariant", place)},
        "originalUnitPriceSet": _money(),
        "originalTotalSet": _money(),
        "discountedUnitPriceAfterAllDiscountsSet": _money(),
        "discountAllocations": [{"allocatedAmountSet": _money()}],
        "taxLines": [{"priceSet": _money()}],
    }


def _transaction(place: int) -> Node:
    return {
        "id": _gid("OrderTransaction", place),
        "kind": "SALE",
        "status": "SUCCESS",
        "gateway": "manual",
        "test": False,
        "createdAt": _AT,
        "processedAt": _AT,
        "amountSet": _money(),
    }


def _refund(gid: str) -> Node:
    line = {"id": gid.replace("/Refund/", "/RefundLineItem/"), "quantity": 1}
    return {
        "id": gid,
        "createdAt": _AT,
        "note": "A note of the usual length about why this came back",
        "totalRefundedSet": _money(),
        "refundLineItems": _list(
            {**line, "restockType": "RETURN", "subtotalSet": _money(), "totalTaxSet": _money()}
        ),
        "refundShippingLines": _list(),
        "orderAdjustments": _list(),
        "transactions": _list(),
    }


def _return(place: int) -> Node:
    line = {"id": _gid("ReturnLineItem", place), "quantity": 1, "returnReason": "UNWANTED"}
    return {
        "id": _gid("Return", place),
        "name": "#1-R1",
        "status": "CLOSED",
        "createdAt": _AT,
        "totalQuantity": 1,
        "returnLineItems": _list(line),
        "exchangeLineItems": _list(),
    }


def _order(place: int) -> Node:
    """Return an order of two lines; every tenth has a refund, every twentieth a return."""
    fulfillment = {"id": _gid("Fulfillment", place), "status": "SUCCESS", "deliveredAt": _AT}
    return {
        "id": _gid("Order", place),
        "name": f"#{_PAGE_MARK}{place:03}",
        "createdAt": _AT,
        "processedAt": _AT,
        "updatedAt": _AT,
        "displayFinancialStatus": "PAID",
        "currencyCode": "AED",
        "presentmentCurrencyCode": "AED",
        "customer": {"id": _gid("Customer", place)},
        "email": f"customer{_PAGE_MARK}{place:03}@mail.example",
        "subtotalLineItemsQuantity": 2,
        "lineItems": _list(_line(place, 0), _line(place, 1)),
        "fulfillments": [{**fulfillment, "totalQuantity": 2}],
        "refunds": [_refund(_gid("Refund", place))] if place % 10 == 0 else [],
        "transactions": [_transaction(place)],
        "returns": _list(_return(place)) if place % 20 == 0 else _list(),
        **{f"{name}Set": _money() for name in _SUMS},
    }


def _customer(place: int) -> Node:
    return {
        "id": _gid("Customer", place),
        "createdAt": _AT,
        "updatedAt": _AT,
        "displayName": f"Customer {_PAGE_MARK}{place:03}",
        "defaultEmailAddress": {"emailAddress": f"customer{_PAGE_MARK}{place:03}@mail.example"},
        "numberOfOrders": "1",
        "amountSpent": {"amount": "120.5", "currencyCode": "AED"},
        "tags": ["newsletter"],
    }


def _as_bulk_lines(order: Node) -> Iterator[Node]:
    """Yield an order as bulk operations write it, children first and refunds by id alone."""
    children = [(order, line) for line in order["lineItems"]["nodes"]]
    for returned in order["returns"]["nodes"]:
        children += [(returned, line) for line in returned["returnLineItems"]["nodes"]]
        children.append((order, returned))
    for parent, child in children:
        own = {name: value for name, value in child.items() if not name.endswith("LineItems")}
        yield {**own, "__parentId": parent["id"]}
    own = {name: value for name, value in order.items() if name not in ("lineItems", "returns")}
    yield {**own, "refunds": [{"id": refund["id"]} for refund in order["refunds"]]}


class EndlessShop(ShopifyClient):
    """Answers queries out of templates, with ids of their own for each page.

    `feeding` is the CPU time that went into making answers; it is no part of reading them.
    """

    def __init__(self, orders: int) -> None:
        super().__init__(Shop("hewyn", "http://127.0.0.1:1", "2026-10", SecretStr("x"), None, None))
        self.feeding = 0.0
        self._pages = -(-orders // PAGE)
        self._nodes = {
            "orders": [_order(place) for place in range(PAGE)],
            "customers": [_customer(place) for place in range(PAGE)],
        }
        lines = [line for order in self._nodes["orders"] for line in _as_bulk_lines(order)]
        self._bulk = {"BulkOrders": lines, "BulkCustomers": self._nodes["customers"]}
        self._templates = {name: json.dumps(nodes) for name, nodes in self._nodes.items()}
        self._answers: dict[str, Callable[[Mapping[str, Any]], Node]] = {
            "preflight": lambda _: _ABOUT,
            "oldest_order": lambda _: {"orders": {"nodes": []}},
            "orders_count": lambda _: {"ordersCount": {"count": self._pages * PAGE}},
            "return_reasons": lambda _: {"connection": _list()},
            "refunds_by_id": lambda given: {"nodes": [_refund(gid) for gid in given["ids"]]},
            "bulk_run": self._start,
            "bulk_status": self._status,
        }

    def graphql(
        self, name: str, variables: Mapping[str, Any] | None = None, attempts: int = 1
    ) -> Node:
        """Answer a query of the extractor by its name."""
        given = variables or {}
        if name in self._answers:
            return self._answers[name](given)
        number = int(given.get("after") or 0)
        begun = time.process_time()
        text = self._templates[name].replace(_PAGE_MARK, f"{number:06}")
        self.feeding += time.process_time() - begun
        ending = {"hasNextPage": number + 1 < self._pages, "endCursor": str(number + 1)}
        return {"connection": {"nodes": json.loads(text, parse_float=str), "pageInfo": ending}}

    def download(self, url: str, path: Path, advance: Callable[[int], None]) -> int:
        """Write the result of a bulk operation."""
        begun = time.process_time()
        page = "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in self._bulk[url])
        size = 0
        with path.open("w", encoding="utf-8") as file:
            for number in range(self._pages):
                size += file.write(page.replace(_PAGE_MARK, f"{number:06}"))
        self.feeding += time.process_time() - begun
        return size

    def _start(self, given: Mapping[str, Any]) -> Node:
        kind = next(name for name in self._bulk if name in given["query"])
        return {"bulkOperationRunQuery": {"bulkOperation": {"id": kind}, "userErrors": []}}

    def _status(self, given: Mapping[str, Any]) -> Node:
        kind = given["id"]
        counts = {
            "objectCount": str(len(self._bulk[kind]) * self._pages),
            "rootObjectCount": str(PAGE * self._pages),
        }
        return {"bulkOperation": {"status": "COMPLETED", "fileSize": None, "url": kind, **counts}}


_ABOUT = {
    "shop": {
        "id": "gid://shopify/Shop/1",
        "name": "Hewyn",
        "myshopifyDomain": "hewyn.myshopify.com",
        "currencyCode": "AED",
        "ianaTimezone": "Asia/Dubai",
        "plan": {"publicDisplayName": "Basic"},
    },
    "currentAppInstallation": {
        "accessScopes": [
            {"handle": scope}
            for scope in ("read_orders", "read_all_orders", "read_returns", "read_customers")
        ]
    },
}
