"""What no generator draws: the orders that make a reader of Shopify's numbers stumble.

They come on top of the company's own orders, have numbers of their own and do not change with its
size or seed. Each kind is one function, and `Complication` tells which order is of which kind.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from demo.company import BY_CODE
from demo.company.catalogue import Product
from demo.company.identifiers import order_id, scattered
from demo.shopify.shop.drafts import (
    ACCOUNTS_OF_ONE,
    STORE,
    Back,
    Draft,
    Parcel,
    Payback,
    ReturnDraft,
)
from demo.shopify.shop.shelf import DAY, HOUR, Shelf, day, gift_card, order, send_back

FIRST_NUMBER = 5_000_000_000
FIRST_CUSTOMER = 8_000_000
SERIAL_CUSTOMER = 8_100_001
"""A customer of the shop: 8 orders, 6 of them sent back whole within a week."""


@dataclass(frozen=True, slots=True)
class Complication:
    """One extra order and what is odd about it."""

    kind: str
    draft: Draft


def complications(products: Sequence[Product]) -> Iterator[Complication]:
    """Yield every extra order, numbered from FIRST_NUMBER in the order of the kinds below."""
    number = FIRST_NUMBER
    for kind, make in _KINDS.items():
        for draft in make(Shelf(products)):
            digits = scattered(number)
            place = number - FIRST_NUMBER
            yield Complication(
                kind,
                replace(
                    draft,
                    number=number,
                    digits=digits,
                    order_id=int(order_id(BY_CODE[STORE], number)),
                    customer=FIRST_CUSTOMER + place if draft.customer == 0 else draft.customer,
                ),
            )
            number += 1


def _test_orders(shelf: Shelf) -> Iterator[Draft]:
    for days in (300, 120, 20):
        draft = order(days, shelf.lines(1))
        if days == 120:
            send_back(draft, 0, 1, "unknown")
        yield replace(draft, is_test=True)


def _gift_cards(shelf: Shelf) -> Iterator[Draft]:
    yield order(280, [gift_card()])
    yield order(150, [shelf.line(), gift_card(25_000)])
    draft = order(90, [gift_card(5_000), shelf.line(2)])
    draft.paybacks.append(Payback(day(80), [(0, 1, "NO_RESTOCK")], note="Bought by mistake"))
    yield draft


def _edited(shelf: Shelf) -> Iterator[Draft]:
    """Take a unit off before payment, put a line on, and remove a unit beside a returned one."""
    less = order(240, [replace(shelf.line(3), removed=1), shelf.line()])
    less.parcels[0].lines[0] = 2
    less.edited_at = less.ordered_at + 4 * HOUR
    yield less
    more = order(170, [shelf.line(), replace(shelf.line(), is_added=True)])
    more.edited_at = more.ordered_at + 6 * HOUR
    yield more
    both = order(75, [replace(shelf.line(4), removed=1)])
    both.parcels[0].lines[0] = 3
    both.edited_at = both.ordered_at + HOUR
    yield send_back(both, 0, 1, "item-not-as-described")


def _exchanges(shelf: Shelf) -> Iterator[Draft]:
    """Exchanged for the same price, for something cheaper, and for something dearer."""
    for days, new_unit in ((210, 4_900), (130, 3_000), (65, 9_900)):
        old = replace(shelf.line(), unit=4_900)
        new = replace(shelf.line(), unit=new_unit, is_added=True)
        draft = order(days, [old, new])
        at = draft.ordered_at
        draft.parcels = [
            Parcel({0: 1}, at + 20 * HOUR, at + 3 * DAY),
            Parcel({1: 1}, at + 9 * DAY, at + 12 * DAY),
        ]
        draft.edited_at = at + 8 * DAY
        back = Back(0, 1, "too-small", "", None, None, 1, 1)
        # Even or dearer, no money goes back; cheaper, the rest does.
        draft.paybacks.append(
            Payback(
                at + 8 * DAY,
                [(0, 1, "RETURN")],
                kept=min(new_unit, old.unit),
                statuses=("SUCCESS",) if new_unit < old.unit else (),
            )
        )
        draft.returns.append(
            ReturnDraft(
                at + 6 * DAY,
                [back],
                "CLOSED",
                at + 6 * DAY + HOUR,
                at + 10 * DAY,
                paybacks=(0,),
                exchanged=((1, 1),),
            )
        )
        yield draft


def _cancelled(shelf: Shelf) -> Iterator[Draft]:
    """Paid and cancelled; and cancelled in part, where the rest was sent."""
    for reason in ("CUSTOMER", "STAFF", "DECLINED"):
        draft = order(200, [shelf.line(2), shelf.line()], shipping=1_500, sent=False)
        at = draft.ordered_at + 5 * HOUR
        draft.cancelled_at = draft.closed_at = at
        draft.cancel_reason = reason
        draft.paybacks.append(Payback(at, [(0, 2, "CANCEL"), (1, 1, "CANCEL")], 1_500))
        yield draft
    part = order(190, [shelf.line(3), shelf.line()])
    part.parcels[0].lines = {0: 2, 1: 1}
    part.paybacks.append(Payback(day(190, 12), [(0, 1, "CANCEL")], note="Only two in stock"))
    yield part


def _without_lines(shelf: Shelf) -> Iterator[Draft]:
    """Goodwill: money for no line in particular."""
    for days, amount in ((230, 2_000), (110, 500), (25, 3_550)):
        draft = order(days, shelf.lines(2))
        draft.paybacks.append(
            Payback(draft.ordered_at + 5 * DAY, kept=-amount, reason="CUSTOMER", note="Goodwill")
        )
        yield draft


def _shipping_only(shelf: Shelf) -> Iterator[Draft]:
    for days in (220, 95, 30):
        draft = order(days, shelf.lines(1), shipping=1_500)
        draft.paybacks.append(
            Payback(draft.ordered_at + 4 * DAY, shipping=1_500, note="Arrived late")
        )
        yield draft


def _failed(shelf: Shelf) -> Iterator[Draft]:
    """Refunds whose money never moved, moved on the second try, or has yet to move."""
    for days, statuses in ((160, ("FAILURE",)), (100, ("FAILURE", "SUCCESS")), (5, ("PENDING",))):
        draft = order(days, [shelf.line(2)])
        draft.paybacks.append(
            Payback(
                draft.ordered_at + timedelta(days=4),
                [(0, 1, "NO_RESTOCK")],
                note="Arrived broken",
                statuses=statuses,
            )
        )
        yield draft


def _partial(shelf: Shelf) -> Iterator[Draft]:
    """Less than the line was worth: a fee kept, and half of it given."""
    for days, kept in ((140, 1_000), (60, 6_000)):
        draft = order(days, [replace(shelf.line(), unit=12_000, discount=0)])
        send_back(draft, 0, 1, "damaged-or-defective")
        draft.paybacks[0].kept = kept
        draft.paybacks[0].reason = "DAMAGE" if kept == 1_000 else None
        yield draft


def _foreign(shelf: Shelf) -> Iterator[Draft]:
    """Sell in dollars and euros; the shop's books stay in dirhams."""
    for place, (days, currency) in enumerate(
        ((330, "USD"), (250, "EUR"), (180, "USD"), (115, "EUR"), (50, "USD"), (18, "EUR"))
    ):
        lines = [shelf.line(2, discount=999 if place % 2 else 0), shelf.line()]
        draft = order(days, lines, shipping=4_500 if place < 3 else 0)
        draft.currency = currency
        if place in (0, 1, 4):
            send_back(draft, 0, 1 + place % 2, "changed-my-mind")
        if place == 2:
            draft.paybacks.append(Payback(day(170), shipping=4_500))
        if place == 3:
            send_back(draft, 1, 1, "quality")
            draft.paybacks[0].kept = 333
        yield draft


def _guests(shelf: Shelf) -> Iterator[Draft]:
    """Sold over the counter to nobody in particular, and once brought back."""
    for days in (270, 85, 40):
        draft = replace(order(days, shelf.lines(1), sent=False), customer=None, source="pos")
        draft.parcels.append(Parcel({0: 1}, draft.ordered_at, None, "FULFILLED"))
        if days == 85:
            send_back(draft, 0, 1, "style")
        yield draft


def _deleted_customers(shelf: Shelf) -> Iterator[Draft]:
    """Forget a customer who asked for it: the order stays, without customer and e-mail."""
    for days in (260, 55):
        draft = replace(order(days, shelf.lines(2)), is_customer_deleted=True, has_email=False)
        yield send_back(draft, 0, 1, "received-the-wrong-item") if days == 55 else draft


def _return_states(shelf: Shelf) -> Iterator[Draft]:
    """One return of each state, and an order with one of each of three."""
    for status in ("DECLINED", "CANCELED", "REQUESTED", "OPEN", "CLOSED"):
        draft = order(35, shelf.lines(1))
        draft.returns.append(_return(draft, 0, status))
        yield draft
    mixed = order(45, shelf.lines(3))
    mixed.returns += [
        _return(mixed, place, status)
        for place, status in enumerate(("DECLINED", "OPEN", "REQUESTED"))
    ]
    yield mixed


def _return(draft: Draft, place: int, status: str) -> ReturnDraft:
    at = draft.ordered_at + 8 * DAY
    is_approved = status in ("OPEN", "CLOSED", "CANCELED")
    return ReturnDraft(
        at,
        [Back(place, 1, "changed-my-mind", received=int(status == "CLOSED"))],
        status,
        at + 3 * HOUR if is_approved else None,
        at + 12 * DAY if status == "CLOSED" else None,
        ("FINAL_SALE", "Sold as final sale.") if status == "DECLINED" else None,
    )


def _parcels(shelf: Shelf) -> Iterator[Draft]:
    """Three parcels; a parcel that nobody tracked; and one delivered of two, the other lost."""
    three = order(145, [shelf.line(2), shelf.line(), shelf.line()], sent=False)
    at = three.ordered_at
    three.parcels = [
        Parcel({0: 1, 1: 1}, at + DAY, at + 3 * DAY),
        Parcel({0: 1}, at + 2 * DAY, at + 9 * DAY),
        Parcel({2: 1}, at + 2 * DAY, at + 5 * DAY),
    ]
    yield send_back(three, 0, 2, "too-big", after=12)
    for days in (125, 70):
        untracked = order(days, shelf.lines(1), sent=False)
        shipped_at = untracked.ordered_at + DAY
        untracked.parcels = [Parcel({0: 1}, shipped_at, None, "FULFILLED")]
        yield send_back(untracked, 0, 1, "changed-my-mind") if days == 70 else untracked
    half = order(105, shelf.lines(2), sent=False)
    at = half.ordered_at
    half.parcels = [
        Parcel({0: 1}, at + DAY, at + 4 * DAY),
        Parcel({1: 1}, at + DAY, None, "NOT_DELIVERED"),
    ]
    half.paybacks.append(Payback(at + 15 * DAY, [(1, 1, "RETURN")], note="delivery-issue"))
    yield half


def _long_orders(shelf: Shelf) -> Iterator[Draft]:
    """More of everything than a page of fifty, or of ten, holds."""
    long = order(135, shelf.lines(60))
    at = long.ordered_at + 10 * DAY
    places = range(55)
    long.paybacks.append(Payback(at + 3 * DAY, [(place, 1, "RETURN") for place in places]))
    backs = [Back(place, 1, "damaged-or-defective", "", None, None, 1, 1) for place in places]
    long.returns.append(ReturnDraft(at, backs, "CLOSED", at, at + 4 * DAY, paybacks=(0,)))
    yield long
    often = order(155, shelf.lines(12))
    for place in range(12):
        send_back(often, place, 1, "too-small", after=4 + place)
    yield often


def _taxed(shelf: Shelf) -> Iterator[Draft]:
    """Tax on top of the price, so that a refund has some too."""
    for days in (185, 80):
        draft = order(days, [shelf.line(2, taxed=True), shelf.line(taxed=True)], shipping=1_500)
        yield send_back(draft, 0, 1, "changed-my-mind", shipping=1_500)


def _reasons(shelf: Shelf) -> Iterator[Draft]:
    """Reasons told by handle, by the old enumeration alone, by a note, by the customer."""
    told = (
        ("other-reason", "The box had been opened before", None),
        ("other-reason", "المنتج مكسور", None),
        (None, "", "SIZE_TOO_SMALL"),
        (None, "It does not fit the sofa", "OTHER"),
        ("sound-quality", "", None),
        ("unknown", "", None),
    )
    for place, (handle, note, legacy) in enumerate(told):
        draft = order(175 - 12 * place, shelf.lines(1))
        send_back(draft, 0, 1, handle, note=note, legacy=legacy)
        draft.returns[0].lines[0].customer_note = "Please hurry" if place == 0 else None
        yield draft


def _unverified(shelf: Shelf) -> Iterator[Draft]:
    """Goods came back that nobody could tie to a line of the order."""
    draft = order(165, shelf.lines(1))
    back = Back(None, 1, "unknown", "Sent without a label", received=1)
    at = draft.ordered_at + 9 * DAY
    draft.returns.append(ReturnDraft(at, [back], "OPEN", at + HOUR))
    yield draft


def _serial(shelf: Shelf) -> Iterator[Draft]:
    for place in range(8):
        draft = replace(order(320 - 38 * place, shelf.lines(1)), customer=SERIAL_CUSTOMER)
        yield send_back(draft, 0, 1, "changed-my-mind") if place not in (2, 5) else draft


def _accounts(shelf: Shelf) -> Iterator[Draft]:
    """One person with three accounts: two orders each, all sent back whole within a week."""
    for place, customer in enumerate([*ACCOUNTS_OF_ONE] * 2):
        draft = replace(order(300 - 41 * place, shelf.lines(1)), customer=customer)
        yield send_back(draft, 0, 1, "changed-my-mind")


_KINDS: dict[str, Callable[[Shelf], Iterator[Draft]]] = {
    "test_order": _test_orders,
    "gift_card": _gift_cards,
    "edited": _edited,
    "exchange": _exchanges,
    "cancelled": _cancelled,
    "refund_without_lines": _without_lines,
    "shipping_only_refund": _shipping_only,
    "failed_refund": _failed,
    "partial_refund": _partial,
    "foreign_currency": _foreign,
    "guest": _guests,
    "deleted_customer": _deleted_customers,
    "return_state": _return_states,
    "parcels": _parcels,
    "long_order": _long_orders,
    "taxed": _taxed,
    "reason": _reasons,
    "unverified_return": _unverified,
    "serial_returner": _serial,
    "several_accounts": _accounts,
}
