"""The demo shop in memory: orders worded when asked for, found by id and by moment."""

from bisect import insort
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo.company import Company
from demo.shopify.shop.complications import complications
from demo.shopify.shop.customers import Customer, meet, word_customer
from demo.shopify.shop.drafts import CURRENCY, STORE, TIME_ZONE, Draft
from demo.shopify.shop.drawn import drawn_orders
from demo.shopify.shop.reasons import DEFINITIONS
from demo.shopify.shop.values import Record, gid, moment
from demo.shopify.shop.wording import updated_at, word

FIRST_NAME = 1001
WORDED_AT_ONCE = 30_000
"""Orders kept worded; with more, the oldest are worded again when asked for."""

SHOP: Record = {
    "__typename": "Shop",
    "id": gid("Shop", 60210001),
    "name": "Hewyn",
    "email": "shop@example.com",
    "contactEmail": "shop@example.com",
    "myshopifyDomain": f"{STORE}.myshopify.com",
    "url": f"https://{STORE}.myshopify.com",
    "createdAt": "2024-02-01T08:00:00Z",
    "currencyCode": CURRENCY,
    "enabledPresentmentCurrencies": ["AED", "USD", "EUR"],
    "ianaTimezone": TIME_ZONE,
    "timezoneOffset": "+0400",
    "taxesIncluded": False,
    "plan": {
        "__typename": "ShopPlan",
        "displayName": "Grow",
        "publicDisplayName": "Grow",
        "partnerDevelopment": False,
        "shopifyPlus": False,
    },
}

Key = tuple[Any, int]
Index = list[tuple[Any, int, "Entry"]]


@dataclass(slots=True)
class Entry:
    """An order or a customer in an index: what searching needs, and how to word the rest.

    `number` is the trailing number of the id; it breaks ties between equal moments.
    """

    number: int
    created_at: str
    updated_at: str
    word: Callable[[], Record]
    draft: Draft | None = None
    name: str = ""


class Store:
    """The shop's orders, customers and return reasons. `kinds` says what is odd about which order.

    Errors: ValueError from Company when it is asked for too few lines.
    """

    def __init__(self, company: Company) -> None:
        extra = list(complications(company.products))
        self.kinds = {one.draft.number: one.kind for one in extra}
        drafts = [*drawn_orders(company), *(one.draft for one in extra)]
        drafts.sort(key=lambda draft: (draft.ordered_at, draft.number))
        self._customers: dict[int, Customer] = {}
        self._by_digits: dict[int, Entry] = {}
        self._worded: OrderedDict[int, Record] = OrderedDict()
        self._indexes: dict[tuple[str, str], Index] = {}
        for place, draft in enumerate(drafts):
            meet(self._customers, draft)
            self._by_digits[draft.digits] = self._entry(draft, f"#{FIRST_NAME + place}")
        self.customers = {
            entry.number: entry for entry in map(self._customer_entry, self._customers.values())
        }

    @property
    def orders(self) -> list[Entry]:
        """Return every order, the oldest first."""
        return list(self._by_digits.values())

    def index(self, kind: str, sort_key: str) -> Index:
        """Return orders or customers sorted by a moment, a name or their id; ties by id."""
        key = (kind, sort_key)
        if key not in self._indexes:
            entries = self._by_digits if kind == "Order" else self.customers
            value = _SORT_VALUES[sort_key]
            self._indexes[key] = sorted(
                ((value(one), one.number, one) for one in entries.values()),
                key=lambda item: item[:2],
            )
        return self._indexes[key]

    def find(self, kind: str, number: int) -> Record | None:
        """Return an object by the number in its id, or None. Children are found on their order."""
        if kind == "Customer":
            customer = self.customers.get(number)
            return customer.word() if customer else None
        if kind == "ReturnReasonDefinition":
            return next((one for one in DEFINITIONS if one["id"] == gid(kind, number)), None)
        entry = self.order_of(kind, number)
        if entry is None:
            return None
        order = entry.word()
        if kind == "Order":
            return order
        return _child(order, kind, gid(kind, number))

    def order_of(self, kind: str, number: int) -> Entry | None:
        """Return the order that is, or holds, the object of this id."""
        if kind == "Order":
            # 571 and ten digits.
            entry = self._by_digits.get(number % 10**10)
            return entry if entry is not None and entry.number == number else None
        return self._by_digits.get(number % 10**12 // 100)

    def change(self, entry: Entry, change: Callable[[Draft], None]) -> None:
        """Change an order, as staff of the shop would while somebody reads it."""
        draft = entry.draft
        assert draft is not None
        change(draft)
        self._worded.pop(draft.digits, None)
        before = entry.updated_at
        entry.updated_at = moment(updated_at(draft)) or before
        for (kind, sort_key), index in self._indexes.items():
            if kind == "Order" and sort_key == "UPDATED_AT" and entry.updated_at != before:
                index.remove((before, entry.number, entry))
                insort(index, (entry.updated_at, entry.number, entry), key=lambda item: item[:2])

    def _entry(self, draft: Draft, name: str) -> Entry:
        return Entry(
            draft.order_id,
            moment(draft.ordered_at) or "",
            moment(updated_at(draft)) or "",
            lambda: self._word(draft, name),
            draft,
            name,
        )

    def _customer_entry(self, one: Customer) -> Entry:
        record = word_customer(one)
        record["orders"] = lambda: self._orders_of(one.number)
        return Entry(
            int(record["legacyResourceId"]),
            record["createdAt"],
            record["updatedAt"],
            lambda: record,
            name=record["displayName"],
        )

    def _orders_of(self, customer: int) -> list[Record]:
        return [
            entry.word()
            for entry in self._by_digits.values()
            if entry.draft is not None
            and entry.draft.customer == customer
            and not entry.draft.is_customer_deleted
        ]

    def _word(self, draft: Draft, name: str) -> Record:
        worded = self._worded.get(draft.digits)
        if worded is None:
            customer = None
            if draft.customer is not None and not draft.is_customer_deleted:
                customer = self._customers[draft.customer].record
            worded = self._worded[draft.digits] = word(draft, name, customer)
            if len(self._worded) > WORDED_AT_ONCE:
                self._worded.popitem(last=False)
        return worded


_SORT_VALUES: dict[str, Callable[[Entry], Any]] = {
    "CREATED_AT": lambda one: one.created_at,
    "PROCESSED_AT": lambda one: one.created_at,
    "UPDATED_AT": lambda one: one.updated_at,
    "ID": lambda one: one.number,
    "ORDER_NUMBER": lambda one: int(one.name.removeprefix("#")),
    "NAME": lambda one: one.name,
}

SORT_KEYS = tuple(_SORT_VALUES)

_WHERE = {
    "Return": ("returns",),
    "Refund": ("refunds",),
    "Fulfillment": ("fulfillments",),
    "LineItem": ("lineItems",),
    "OrderTransaction": ("transactions",),
    "ReturnLineItem": ("returns", "returnLineItems"),
    "UnverifiedReturnLineItem": ("returns", "returnLineItems"),
    "ExchangeLineItem": ("returns", "exchangeLineItems"),
    "FulfillmentLineItem": ("fulfillments", "fulfillmentLineItems"),
    "RefundShippingLine": ("refunds", "refundShippingLines"),
    "OrderAdjustment": ("refunds", "orderAdjustments"),
}
FOUND_BY_ID = ("Order", "Customer", "ReturnReasonDefinition", *_WHERE)


def _child(order: Record, kind: str, wanted: str) -> Record | None:
    found = [order]
    for name in _WHERE.get(kind, ()):
        found = [child for parent in found for child in parent[name]]
    return next((one for one in found if one is not order and one["id"] == wanted), None)
