"""What the shop knows to be true, for tests that compare a warehouse with what was put in."""

from dataclasses import dataclass
from decimal import Decimal

from demo.shopify.shop.drafts import Draft
from demo.shopify.shop.refunds import money_back
from demo.shopify.shop.store import Store


@dataclass(frozen=True)
class OrderTruth:
    """One order. Units are of lines that are goods; money is in the shop's currency.

    `units_sold` leaves out units cancelled or edited away before they were sent.
    `units_refunded` are those whose money went back after they were sent (restock RETURN or
    NO_RESTOCK), exchanges included. `refunded` is all that successful refund transactions moved,
    cancellations too. `kind` is the complication, None for the company's own orders.
    """

    order_id: int
    kind: str | None
    is_test: bool
    is_cancelled: bool
    units_ordered: int
    units_cancelled: int
    units_refunded: int
    sales: Decimal
    refunded: Decimal
    gift_card_units: int
    returns: int

    @property
    def units_sold(self) -> int:
        """Return units that the customer kept or sent back."""
        return self.units_ordered - self.units_cancelled


def orders_truth(store: Store) -> list[OrderTruth]:
    """Return the truth of every order of the shop, the oldest first."""
    drafts = [entry.draft for entry in store.orders if entry.draft is not None]
    return [_truth(draft, store.kinds.get(draft.number)) for draft in drafts]


def _truth(draft: Draft, kind: str | None) -> OrderTruth:
    goods = [place for place, line in enumerate(draft.lines) if not line.is_gift_card]
    cancelled = sum(draft.lines[place].removed for place in goods)
    refunded = 0
    for one in draft.paybacks:
        # An exchange for the same price moves goods but no money; a failed refund moves neither.
        has_moved = "SUCCESS" in one.statuses or not one.statuses
        for place, units, restock in one.lines:
            if place in goods and restock == "CANCEL":
                cancelled += units
            elif place in goods and has_moved:
                refunded += units
    money = sum(money_back(draft, place) for place in range(len(draft.paybacks)))
    return OrderTruth(
        draft.order_id,
        kind,
        draft.is_test,
        draft.cancelled_at is not None,
        sum(draft.lines[place].quantity for place in goods),
        cancelled,
        refunded,
        Decimal(sum(draft.lines[place].net for place in goods)) / 100,
        Decimal(money) / 100,
        sum(line.quantity for line in draft.lines if line.is_gift_card),
        len(draft.returns),
    )
