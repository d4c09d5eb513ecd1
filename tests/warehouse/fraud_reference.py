"""The three rules once more, in plain Python over the demo shop's API objects.

Written from the rules, not from the models: what a person would do who reads orders, parcels and
returns as the API gives them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """The parameters of one evaluation."""

    days_back: int = 365
    min_orders: int = 3
    return_rate_threshold: str = "0.4"
    wardrobing_window_days: int = 14
    serial_threshold: int = 5

    @property
    def variables(self) -> dict[str, Any]:
        """The same as dbt knows them."""
        return {**vars(self), "return_rate_threshold": float(self.return_rate_threshold)}


@dataclass
class Judged:
    """What is true of one customer."""

    orders: int = 0
    orders_with_return: int = 0
    returns: int = 0
    wardrobed: int = 0

    def flags(self, rules: Rules) -> set[str]:
        """Name the rules that the customer meets."""
        rate = Fraction(self.orders_with_return, self.orders)
        met = {
            "high_return_rate": self.orders >= rules.min_orders
            and rate >= Fraction(rules.return_rate_threshold),
            "wardrobing": self.wardrobed >= 2,
            "serial_returner": self.returns >= rules.serial_threshold,
        }
        return {name for name, is_met in met.items() if is_met}


def judge(orders: Iterable[Record], rules: Rules, as_of: datetime) -> dict[str, Judged]:
    """Judge every customer with an order in the window, by the number of the customer's id."""
    judged: dict[str, Judged] = defaultdict(Judged)
    since = as_of - timedelta(days=rules.days_back)
    for order in orders:
        customer, placed = order["customer"], moment(order["processedAt"])
        if customer is None or order["test"] or placed is None or not since <= placed <= as_of:
            continue
        units = sum(units_sold(order).values())
        if not units:
            continue
        one = judged[customer["legacyResourceId"]]
        one.orders += 1
        returns = [one for one in standing_returns(order) if one[0] <= as_of]
        one.returns += len(returns)
        one.orders_with_return += bool(returns)
        delivered, window = delivered_at(order, as_of), timedelta(rules.wardrobing_window_days)
        in_time = [
            back
            for asked, back in returns
            if delivered is not None and delivered <= asked <= delivered + window
        ]
        one.wardrobed += sum(in_time) >= units
    return dict(judged)


def units_sold(order: Record) -> dict[str, int]:
    """Count the units of each line of goods that were sent, or may yet be.

    Units edited off the order, or paid back before they were sent, were never sold; what an
    exchange put on the order was not bought.
    """
    replacements = {
        line["id"]
        for one in order["returns"]
        for exchange in one["exchangeLineItems"]
        for line in exchange["lineItems"]
    }
    cancelled: dict[str, int] = defaultdict(int)
    refunded: dict[str, int] = defaultdict(int)
    for refund in order["refunds"]:
        for line in refund["refundLineItems"]:
            kind = cancelled if line["restockType"] == "CANCEL" else refunded
            kind[line["lineItem"]["id"]] += line["quantity"]
    if order["cancelledAt"] is not None and not any(parcels(order)):
        return {}
    return {
        line["id"]: line["currentQuantity"] + refunded[line["id"]]
        for line in order["lineItems"]
        if not line["isGiftCard"] and line["id"] not in replacements
    }


def standing_returns(order: Record) -> Iterator[tuple[datetime, int]]:
    """Yield when goods were asked back and how many units, returns that fell through left out."""
    sent = list(parcels(order))
    if sent and all(one["displayStatus"] == "NOT_DELIVERED" for one in sent):
        return
    gift_cards = {line["id"] for line in order["lineItems"] if line["isGiftCard"]}
    for one in order["returns"]:
        units = sum(
            line["quantity"]
            for line in one["returnLineItems"]
            if returned_line(line) not in gift_cards
        )
        asked = moment(one["createdAt"])
        if one["status"] not in ("DECLINED", "CANCELED") and units and asked is not None:
            yield asked, units


def returned_line(line: Record) -> str | None:
    """Return the id of the order line that came back; None when nobody could tell."""
    parcel_line = line.get("fulfillmentLineItem")
    return None if parcel_line is None else parcel_line["lineItem"]["id"]


def delivered_at(order: Record, as_of: datetime) -> datetime | None:
    """Return when the last parcel arrived."""
    arrivals = [moment(one["deliveredAt"]) for one in parcels(order)]
    return max((at for at in arrivals if at is not None and at <= as_of), default=None)


def parcels(order: Record) -> Iterator[Record]:
    """Yield the parcels that were sent."""
    return (
        one
        for one in order["fulfillments"]
        if one["status"] not in ("CANCELLED", "ERROR", "FAILURE", "PENDING")
    )


def moment(text: str | None) -> datetime | None:
    """Read a moment as the API writes it."""
    return None if text is None else datetime.fromisoformat(text)
