"""Reads whole orders and customers from the REST Admin API, for shops on legacy tokens."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from extract.shopify.client import ShopifyClient
from extract.shopify.flatten_rest import CUSTOMER_FIELDS, ORDER_FIELDS
from extract.shopify.pages import Node
from extract.shopify.seen import IdSet
from extract.shopify.window import ReadWindow, moment

PAGE_SIZE = 250
_EVENT_COLUMNS = {"in_transit": "in_transit_at", "delivered": "delivered_at"}


class RestReader:
    """Yields pages of orders and customers of a window."""

    def __init__(self, client: ShopifyClient, window: ReadWindow) -> None:
        self._client = client
        self._window = window

    def orders(self) -> Iterator[list[Node]]:
        """Yield orders with their refunds inside, and what takes a call of its own.

        Without `status=any` archived and cancelled orders are left out.
        """
        seen = IdSet()
        asked = {"status": "any", "fields": ORDER_FIELDS}
        for page in self._pages("orders", asked):
            fresh = [order for order in page if seen.add(int(order["id"]))]
            for order in fresh:
                self._add_shop_amounts(order)
                self._add_deliveries(order)
            yield fresh

    def customers(self) -> Iterator[list[Node]]:
        """Yield customers."""
        return self._pages("customers", {"fields": CUSTOMER_FIELDS})

    def count_orders(self) -> int:
        """Count the orders of the window."""
        body = self._client.rest("orders/count.json", {"status": "any", **self._bounds()}).body
        return int(body["count"])

    def _pages(self, name: str, asked: Mapping[str, str]) -> Iterator[list[Node]]:
        parameters = {
            **asked,
            **self._bounds(),
            "limit": str(PAGE_SIZE),
            "order": "updated_at asc",
        }
        page = self._client.rest(f"{name}.json", parameters)
        while True:
            yield page.body[name]
            if page.next_url is None:
                return
            # As given: a filter beside page_info is an error, and so is a changed one.
            page = self._client.rest(page.next_url)

    def _bounds(self) -> dict[str, str]:
        # Both ends are inclusive here.
        bounds = {"updated_at_max": moment(self._window.until - timedelta(seconds=1))}
        if self._window.since is not None:
            bounds["updated_at_min"] = moment(self._window.since)
        return bounds

    def _add_shop_amounts(self, order: Node) -> None:
        """Fetch what refunds of an order in another currency were in the shop's own."""
        refunds = order.get("refunds") or []
        shop = order.get("currency")
        if not refunds or shop == order.get("presentment_currency"):
            return
        path = f"orders/{order['id']}/refunds.json"
        body = self._client.rest(path, {"in_shop_currency": "true"}).body
        in_shop: dict[Any, Any] = {
            transaction["id"]: transaction["amount"]
            for refund in body["refunds"]
            for transaction in refund.get("transactions") or ()
            if transaction.get("currency") == shop
        }
        for refund in refunds:
            for transaction in refund.get("transactions") or ():
                if transaction["id"] in in_shop:
                    transaction["shop_currency"] = shop
                    transaction["shop_amount"] = in_shop[transaction["id"]]

    def _add_deliveries(self, order: Node) -> None:
        """Fetch when a delivered fulfilment arrived; REST has it among the events only."""
        for fulfillment in order.get("fulfillments") or ():
            if fulfillment.get("shipment_status") != "delivered":
                continue
            path = f"orders/{order['id']}/fulfillments/{fulfillment['id']}/events.json"
            for event in self._client.rest(path).body["fulfillment_events"]:
                column = _EVENT_COLUMNS.get(str(event.get("status")))
                if column is not None:
                    fulfillment[column] = event.get("happened_at")
