"""Makes sure that an order has all its parts: a page of a nested list is cut off without an error.

What `pageInfo` says is missing is fetched, and then units are held against the sums that Shopify
gives on the order and on the return.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from extract.shopify.client import ShopifyClient
from extract.shopify.pages import Node, read_rest

_LISTS_OF_ORDER = (("lineItems", "rest_of_line_items"), ("returns", "rest_of_returns"))
_LISTS_OF_RETURN = (
    ("returnLineItems", "rest_of_return_lines"),
    ("exchangeLineItems", "rest_of_exchange_lines"),
)
_LISTS_OF_REFUND = (
    ("refundLineItems", "rest_of_refund_lines"),
    ("refundShippingLines", "rest_of_refund_shipping_lines"),
    ("orderAdjustments", "rest_of_order_adjustments"),
    ("transactions", "rest_of_refund_transactions"),
)


def complete_order(client: ShopifyClient, order: Node) -> None:
    """Page every list of the order to its end."""
    _complete(client, order, _LISTS_OF_ORDER)
    for refund in order["refunds"]:
        complete_refund(client, refund)
    for returned in order["returns"]["nodes"]:
        _complete(client, returned, _LISTS_OF_RETURN)


def complete_refund(client: ShopifyClient, refund: Node) -> None:
    """Page every list of the refund to its end."""
    _complete(client, refund, _LISTS_OF_REFUND)


def what_is_missing(order: Mapping[str, Any]) -> str | None:
    """Say what the order lacks by its own sums, or None.

    The order's sum leaves out gift cards and tips, so its lines may hold more units, never fewer.
    """
    units = _units(order["lineItems"]["nodes"])
    expected = order["subtotalLineItemsQuantity"]
    if units < expected:
        return f"{units} of {expected} units in its lines"
    for returned in order["returns"]["nodes"]:
        units = _units(returned["returnLineItems"]["nodes"])
        expected = returned["totalQuantity"]
        if units != expected:
            return f"{units} of {expected} units in the lines of its return {returned['name']}"
    return None


def _units(lines: Iterable[Mapping[str, Any]]) -> int:
    return sum(line["quantity"] for line in lines)


def _complete(client: ShopifyClient, owner: Node, lists: Iterable[tuple[str, str]]) -> None:
    for name, query in lists:
        connection = owner[name]
        ending = connection["pageInfo"]
        if ending["hasNextPage"]:
            connection["nodes"] += read_rest(client, query, owner["id"], ending["endCursor"])
            ending["hasNextPage"] = False
