"""An order of the demo shop before it is worded: whole numbers of fils, moments in UTC."""

from dataclasses import dataclass, field
from datetime import datetime

STORE = "hewyn"
CURRENCY = "AED"
TIME_ZONE = "Asia/Dubai"
UTC_OFFSET_HOURS = 4
COUNTRY = "AE"
ACCOUNTS_OF_ONE = {
    8_100_002: "Hewyn.Tagged@Example.com",
    8_100_003: "hewyn.tagged+2@example.com",
    8_100_004: "hewyn.elsewhere@example.com",
}
"""Customers that are one person: the first two write one mailbox in two ways, see NAMESAKES."""

NAMESAKES = {8_100_003: "Villa 7, 12 Street", 8_100_004: "VILLA 7 - 12 street"}
"""Of these, two that go by one name at one address, written in two ways."""

RATES = {"AED": (1, 1), "USD": (400, 1469), "EUR": (100, 400)}
"""Presentment units to one dirham, as a fraction; the dirham's own peg for the dollar."""


@dataclass(slots=True)
class Line:
    """A line of an order. `unit` is the list price, `discount` that of all units together."""

    title: str
    sku: str | None
    product: int
    quantity: int
    unit: int
    discount: int = 0
    tax: int = 0
    vendor: str = ""
    product_type: str = ""
    removed: int = 0
    """Units that an edit of the order took off before they were paid for or sent."""
    is_gift_card: bool = False
    is_added: bool = False
    """Put on the order later, by an edit or an exchange."""

    @property
    def net(self) -> int:
        """Return what all units cost after discount, tax apart."""
        return self.unit * self.quantity - self.discount


@dataclass(slots=True)
class Parcel:
    """Goods sent together; `lines` maps the place of a line to its units."""

    lines: dict[int, int]
    shipped_at: datetime
    delivered_at: datetime | None = None
    display_status: str = "DELIVERED"


@dataclass(slots=True)
class Payback:
    """A refund. `lines` holds (place of the line, units, restock type).

    `kept` is what the shop did not give back of the lines' worth, negative when it gave more.
    `statuses` are those of its transactions; money moves with each SUCCESS. No status, no
    transaction: the order had never been paid for.
    """

    at: datetime
    lines: list[tuple[int, int, str]] = field(default_factory=list)
    shipping: int = 0
    kept: int = 0
    reason: str | None = None
    note: str | None = None
    statuses: tuple[str, ...] = ("SUCCESS",)
    restocks: bool = True


@dataclass(slots=True)
class Back:
    """A line of a return. `place` None is goods that nobody could find on the order."""

    place: int | None
    units: int
    handle: str | None
    note: str = ""
    customer_note: str | None = None
    legacy: str | None = None
    received: int = 0
    refunded: int = 0


@dataclass(slots=True)
class ReturnDraft:
    """A return; `payback` is the place of its refund on the order, if money went back."""

    created_at: datetime
    lines: list[Back]
    status: str
    approved_at: datetime | None = None
    closed_at: datetime | None = None
    declined: tuple[str, str] | None = None
    paybacks: tuple[int, ...] = ()
    exchanged: tuple[tuple[int, int], ...] = ()
    """(place of the line that the exchange added, units)"""


@dataclass(slots=True)
class Draft:
    """An order. `number` is the company's own, the ids of everything on it derive from it."""

    number: int
    digits: int
    order_id: int
    ordered_at: datetime
    lines: list[Line]
    customer: int | None = None
    has_email: bool = True
    is_customer_deleted: bool = False
    shipping: int = 0
    currency: str = CURRENCY
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    closed_at: datetime | None = None
    edited_at: datetime | None = None
    touched_at: datetime | None = None
    """When something of no interest last changed, such as a tag."""
    is_test: bool = False
    is_paid: bool = True
    is_captured_later: bool = False
    source: str = "web"
    parcels: list[Parcel] = field(default_factory=list)
    paybacks: list[Payback] = field(default_factory=list)
    returns: list[ReturnDraft] = field(default_factory=list)
    tags: tuple[str, ...] = ()
