"""Ids, money and moments as the GraphQL Admin API writes them."""

from datetime import datetime
from typing import Any

from demo.shopify.shop.drafts import CURRENCY, RATES

Record = dict[str, Any]

_TRILLION = 10**12
_SERIES = {
    "ExchangeLineItem": 1,
    "Return": 2,
    "ReturnLineItem": 3,
    "RefundShippingLine": 4,
    "Fulfillment": 5,
    "RefundLineItem": 6,
    "OrderTransaction": 7,
    "Refund": 8,
    "OrderAdjustment": 9,
    "ShippingLine": 10,
    "Customer": 11,
    "LineItem": 14,
    "FulfillmentLineItem": 15,
    "ProductVariant": 16,
    "Product": 17,
}


def gid(kind: str, number: int | str) -> str:
    """Return the global id of an object."""
    return f"gid://shopify/{kind}/{number}"


def child_number(kind: str, digits: int, place: int) -> int:
    """Return the id of something on an order. Kinds never share a number."""
    return _SERIES[kind] * _TRILLION + digits * 100 + place


def own_number(kind: str, number: int) -> int:
    """Return the id of something that stands on its own, by its number in the company."""
    return _SERIES[kind] * _TRILLION + number


def moment(value: datetime | None) -> str | None:
    """Return a moment as GraphQL writes it: UTC, to the second."""
    return None if value is None else value.isoformat()[:19] + "Z"


def decimal_text(minor: int) -> str:
    """Return an amount as GraphQL writes it: at least one decimal, no needless noughts."""
    sign, minor = ("-", -minor) if minor < 0 else ("", minor)
    whole, part = divmod(minor, 100)
    return f"{sign}{whole}.{part // 10}" if part % 10 == 0 else f"{sign}{whole}.{part:02d}"


class Purse:
    """Money in the shop's currency and in the customer's; equal amounts are one object."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self._numerator, self._denominator = RATES[currency]
        self._bags: dict[int, Record] = {}

    def presentment(self, minor: int) -> int:
        """Return an amount of the shop's currency in the customer's, rounded half up."""
        whole = abs(minor) * self._numerator * 2 + self._denominator
        return (whole // (self._denominator * 2)) * (-1 if minor < 0 else 1)

    def bag(self, minor: int) -> Record:
        """Return a MoneyBag of an amount in the shop's currency."""
        bag = self._bags.get(minor)
        if bag is None:
            shop = {"amount": decimal_text(minor), "currencyCode": CURRENCY}
            seen = (
                shop
                if self.currency == CURRENCY
                else {
                    "amount": decimal_text(self.presentment(minor)),
                    "currencyCode": self.currency,
                }
            )
            bag = self._bags[minor] = {"shopMoney": shop, "presentmentMoney": seen}
        return bag


PURSES = {currency: Purse(currency) for currency in RATES}
