"""Reads a made-up endless shop without a network and measures itself: `python shopify_scale.py N`.

Prints orders, CPU seconds and the peak of resident memory in kilobytes (VmHWM: ru_maxrss would
start at what the parent held when it forked).
"""

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from extract.landing import open_landing
from extract.progress import Reporter
from extract.settings import Settings
from extract.shopify.client import ShopifyClient
from extract.shopify.shop import Shop
from extract.shopify.source import prepare_with
from extract.shopify.tables import SOURCE_NAME, TABLES
from extract.sources import Options

PAGE = 250
_MONEY = {
    "shopMoney": {"amount": "120.5", "currencyCode": "AED"},
    "presentmentMoney": {"amount": "120.5", "currencyCode": "AED"},
}
_END = {"hasNextPage": False, "endCursor": None}
_AT = "2026-05-01T10:11:12Z"


def _list(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"nodes": list(nodes), "pageInfo": _END}


def _order(place: int) -> dict[str, Any]:
    """Return an order of two lines; every tenth has a refund, every twentieth a return."""

    def gid(kind: str, part: int = 0) -> str:
        return f"gid://shopify/{kind}/@@@@@@{place:03}{part}"

    money = [
        f"{name}Set"
        for name in (
            "totalPrice",
            "currentTotalPrice",
            "totalReceived",
            "totalRefunded",
            "totalShippingPrice",
            "totalTax",
            "totalDiscounts",
        )
    ]
    lines = [
        {
            "id": gid("LineItem", part),
            "title": f"A product with a rather long name {place}",
            "variantTitle": "Large",
            "sku": f"SKU-{place}",
            "vendor": "Vendor",
            "quantity": 1,
            "currentQuantity": 1,
            "isGiftCard": False,
            "requiresShipping": True,
            "product": {"id": gid("Product"), "productType": "Kitchen"},
            "variant": {"id": gid("ProductVariant")},
            "originalUnitPriceSet": _MONEY,
            "originalTotalSet": _MONEY,
            "discountedUnitPriceAfterAllDiscountsSet": _MONEY,
            "discountAllocations": [{"allocatedAmountSet": _MONEY}],
            "taxLines": [{"priceSet": _MONEY}],
        }
        for part in range(2)
    ]
    transaction = {
        "id": gid("OrderTransaction"),
        "kind": "SALE",
        "status": "SUCCESS",
        "gateway": "manual",
        "test": False,
        "createdAt": _AT,
        "amountSet": _MONEY,
    }
    refund = {
        "id": gid("Refund"),
        "createdAt": _AT,
        "note": "A note of the usual length about why this came back",
        "totalRefundedSet": _MONEY,
        "refundLineItems": _list({"id": gid("RefundLineItem"), "quantity": 1}),
        "refundShippingLines": _list(),
        "orderAdjustments": _list(),
        "transactions": _list({"id": transaction["id"]}),
    }
    returned = {
        "id": gid("Return"),
        "name": "#1-R1",
        "status": "CLOSED",
        "totalQuantity": 1,
        "returnLineItems": _list({"id": gid("ReturnLineItem"), "quantity": 1}),
        "exchangeLineItems": _list(),
    }
    return {
        "id": gid("Order"),
        "name": f"#@@@@@@{place:03}",
        "createdAt": _AT,
        "updatedAt": _AT,
        "currencyCode": "AED",
        "presentmentCurrencyCode": "AED",
        "customer": {"id": gid("Customer")},
        "email": f"customer@@@@@@{place:03}@mail.example",
        "subtotalLineItemsQuantity": 2,
        "lineItems": _list(*lines),
        "fulfillments": [{"id": gid("Fulfillment"), "status": "SUCCESS", "totalQuantity": 2}],
        "refunds": [refund] if place % 10 == 0 else [],
        "transactions": [transaction],
        "returns": _list(returned) if place % 20 == 0 else _list(),
        **dict.fromkeys(money, _MONEY),
    }


class EndlessShop(ShopifyClient):
    """Answers queries out of a template, with ids of their own for each page."""

    def __init__(self, orders: int) -> None:
        super().__init__(Shop("hewyn", "http://127.0.0.1:1", "2026-10", SecretStr("x"), None, None))
        self._pages = -(-orders // PAGE)
        self._template = json.dumps([_order(place) for place in range(PAGE)])
        self.feeding = 0.0

    def graphql(self, name: str, variables: Any = None, attempts: int = 1) -> dict[str, Any]:
        if name == "preflight":
            shop = {
                "id": "gid://shopify/Shop/1",
                "name": "Hewyn",
                "myshopifyDomain": "hewyn.myshopify.com",
                "currencyCode": "AED",
                "ianaTimezone": "Asia/Dubai",
                "plan": {"publicDisplayName": "Basic"},
            }
            scopes = ("read_orders", "read_all_orders", "read_returns", "read_customers")
            granted = [{"handle": scope} for scope in scopes]
            return {"shop": shop, "currentAppInstallation": {"accessScopes": granted}}
        if name == "oldest_order":
            return {"orders": {"nodes": []}}
        if name == "orders_count":
            return {"ordersCount": {"count": self._pages * PAGE}}
        if name != "orders":
            return {"connection": _list()}
        begun = time.process_time()
        number = int(variables.get("after") or 0)
        text = self._template.replace("@@@@@@", f"{number:06}")
        self.feeding += time.process_time() - begun
        ending = {"hasNextPage": number + 1 < self._pages, "endCursor": str(number + 1)}
        return {"connection": {"nodes": json.loads(text, parse_float=str), "pageInfo": ending}}


def main(orders: int, folder: Path) -> None:
    client = EndlessShop(orders)
    reporter = Reporter(quiet=True)
    settings = Settings(raw_dir=folder)
    begun = time.process_time()
    job = prepare_with(client, settings, Options(api="pages"), [], reporter)
    with open_landing(folder, SOURCE_NAME) as landing, landing.start_run(TABLES) as run:
        job.land(run, reporter)
        landed = run.rows("orders")
        run.commit()
    seconds = time.process_time() - begun - client.feeding
    status = Path("/proc/self/status").read_text()
    peak = re.search(r"VmHWM:\D*(\d+)", status)
    assert peak is not None
    sys.stdout.write(f"{landed} {seconds:.2f} {peak[1]}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
