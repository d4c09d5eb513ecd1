"""What the odd orders of the demo shop are made of: lines, orders that arrive, returns."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from demo.company import AS_OF
from demo.company.catalogue import Product
from demo.shopify.shop.drafts import Back, Draft, Line, Parcel, Payback, ReturnDraft

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PRICES = (4_900, 12_000, 7_550, 25_999, 3_300)


class Shelf:
    """Lines of ordinary products at round prices."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = products
        self._next = 0

    def line(self, quantity: int = 1, *, discount: int = 0, taxed: bool = False) -> Line:
        """Return a line of the next product; tax is five per cent on top."""
        product = self._products[(self._next * 37 + 11) % len(self._products)]
        unit = PRICES[self._next % len(PRICES)]
        self._next += 1
        return Line(
            product.name,
            product.sku,
            product.number,
            quantity,
            unit,
            discount,
            (unit * quantity - discount) // 20 if taxed else 0,
            product.brand,
            product.category.name,
        )

    def lines(self, count: int) -> list[Line]:
        """Return so many lines of one unit each."""
        return [self.line() for _ in range(count)]


def gift_card(unit: int = 10_000) -> Line:
    """Return a line that is a gift card."""
    return Line("Gift card", None, -1, 1, unit, product_type="Gift card", is_gift_card=True)


def day(days: int, hour: int = 9) -> datetime:
    """Return an hour of the day so many days before the shop is looked at."""
    return AS_OF - DAY * days + HOUR * hour


def order(days: int, lines: list[Line], *, shipping: int = 0, sent: bool = True) -> Draft:
    """Return an order of a customer of its own; sent, it arrives in one parcel three days on."""
    at = day(days)
    draft = Draft(0, 0, 0, at, lines, customer=0, shipping=shipping)
    goods = {place: one.quantity for place, one in enumerate(lines) if not one.is_gift_card}
    if sent and goods:
        draft.parcels.append(Parcel(goods, at + 20 * HOUR, at + 3 * DAY))
    return draft


def send_back(
    draft: Draft,
    place: int,
    units: int,
    handle: str | None,
    *,
    after: int = 6,
    shipping: int = 0,
    note: str = "",
    legacy: str | None = None,
) -> Draft:
    """Return units of a line: asked for `after` days from the order, paid back three days on."""
    at = draft.ordered_at + DAY * after
    draft.paybacks.append(Payback(at + 3 * DAY, [(place, units, "RETURN")], shipping))
    back = Back(place, units, handle, note, None, legacy, units, units)
    draft.returns.append(
        ReturnDraft(
            at,
            [back],
            "CLOSED",
            at + 2 * HOUR,
            at + 5 * DAY,
            paybacks=(len(draft.paybacks) - 1,),
        )
    )
    return draft
