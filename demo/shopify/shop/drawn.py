"""Drafts of the orders that the company's generator draws for the shop, nothing added."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

from demo.company import AS_OF, BY_CODE, Company
from demo.shopify.shop.drafts import STORE, Back, Draft, Line, Parcel, Payback, ReturnDraft

Row = tuple[Any, ...]

_ORDERS = """
select number, digits, order_id, ordered_at, order_state, cancelled_at, shipped_at, delivered_at,
    shipping_minor, customer_no
from chunk_orders order by number
"""
_LINES = """
select lines.number, lines.quantity, lines.line_state, terms.price_minor,
    (terms.price_minor - lines.unit_minor) * lines.quantity, products.product_no, products.sku,
    products.product_name, products.brand, products.category
from chunk_lines as lines
inner join products on lines.product_no = products.product_no
inner join terms
    on lines.product_no = terms.product_no
    and terms.sub_channel_no = $number and terms.currency = 'AED'
order by lines.number, lines.line_no
"""
_RETURNS = """
select number, line_no, kind, units, requested_at, received_at, refunded_at, refund_minor,
    shipping_refund_minor, raw_reason
from chunk_returns order by number, requested_at, line_no, return_no
"""
_DECLINED = (
    ("RETURN_PERIOD_ENDED", "Asked for after the return period."),
    ("FINAL_SALE", "Sold as final sale."),
    ("OTHER", "The seal had been broken."),
)
_first = itemgetter(0)


def drawn_orders(company: Company) -> Iterator[Draft]:
    """Yield every order of the shop, in the order of their numbers."""
    sub_channel = BY_CODE[STORE]
    cursor = company.cursor()
    for chunk in company.chunks(sub_channel):
        company.fill(cursor, chunk)
        orders = cursor.execute(_ORDERS).fetchall()
        lines = _grouped(cursor.execute(_LINES, {"number": sub_channel.number}).fetchall())
        returns = _grouped(cursor.execute(_RETURNS).fetchall())
        for order in orders:
            number = order[0]
            yield _draft(order, lines[number], returns.get(number, []))
    cursor.close()


def _grouped(rows: list[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(_first(row), []).append(row)
    return groups


def _draft(order: Row, line_rows: list[Row], return_rows: list[Row]) -> Draft:
    number, digits, order_id, ordered_at, state, *moments, shipping, customer = order
    cancelled_at, shipped_at, delivered_at = (_utc(at) for at in moments)
    draft = Draft(
        number,
        digits,
        int(order_id),
        _sure(ordered_at),
        [
            Line(name, sku, product, quantity, unit, discount, 0, brand, category)
            for _, quantity, _, unit, discount, product, sku, name, brand, category in line_rows
        ],
        customer,
        shipping=shipping,
        is_captured_later=digits % 5 == 1,
    )
    if state == "cancelled" and cancelled_at is not None:
        _cancel(draft, cancelled_at)
        return draft
    dropped = [place for place, row in enumerate(line_rows) if row[2] == "cancelled"]
    if shipped_at is not None:
        _send(draft, shipped_at, delivered_at, dropped, lost=state == "undelivered")
    if dropped:
        draft.paybacks.append(
            Payback(
                draft.ordered_at + timedelta(hours=2),
                [(place, draft.lines[place].quantity, "CANCEL") for place in dropped],
                note="Out of stock",
            )
        )
    for row in return_rows:
        _give_back(draft, row)
    if delivered_at is not None and delivered_at + timedelta(days=60) < AS_OF:
        draft.closed_at = delivered_at + timedelta(days=5)
    return draft


def _cancel(draft: Draft, at: datetime) -> None:
    """Call the order off; one in four had only been authorised, so nothing is paid back."""
    draft.cancelled_at = draft.closed_at = at
    draft.cancel_reason = ("CUSTOMER", "INVENTORY", "FRAUD", "OTHER")[draft.digits // 4 % 4]
    draft.is_paid = draft.digits % 4 != 0
    draft.is_captured_later = draft.is_captured_later or not draft.is_paid
    draft.paybacks.append(
        Payback(
            at,
            [(place, line.quantity, "CANCEL") for place, line in enumerate(draft.lines)],
            shipping=draft.shipping,
            note="Order cancelled",
            statuses=("SUCCESS",) if draft.is_paid else (),
        )
    )


def _send(
    draft: Draft, at: datetime, arrived_at: datetime | None, dropped: list[int], *, lost: bool
) -> None:
    """Put the lines into parcels: one in five orders of several lines goes in two."""
    sent = [place for place in range(len(draft.lines)) if place not in dropped]
    status = "NOT_DELIVERED" if lost else "DELIVERED"
    halves = [sent[:1], sent[1:]] if len(sent) > 1 and draft.digits % 5 == 0 else [sent]
    for index, places in enumerate(halves):
        # The last parcel arrives when the company says that the order did.
        early = None
        if arrived_at is not None:
            early = arrived_at - (arrived_at - at) // 3 * (len(halves) - 1 - index)
        units = {place: draft.lines[place].quantity for place in places}
        draft.parcels.append(Parcel(units, at, early, status))


def _give_back(draft: Draft, row: Row) -> None:
    _, line_no, kind, units, requested_at, received_at, refunded_at, money, shipping, reason = row
    place = line_no - 1
    requested_at, received_at, refunded_at = (
        _sure(requested_at),
        _utc(received_at),
        _utc(refunded_at),
    )
    line = draft.lines[place]
    paybacks: tuple[int, ...] = ()
    if refunded_at is not None:
        restock = "NO_RESTOCK" if kind == "refund_only" else "RETURN"
        worth = line.net * units // line.quantity
        payback = Payback(refunded_at, [(place, units, restock)], shipping, worth - money)
        if kind != "return":
            payback.note = reason
        draft.paybacks.append(payback)
        paybacks = (len(draft.paybacks) - 1,)
    # Money without goods, and parcels that came back on their own, are no returns to Shopify.
    if kind not in ("return", "declined"):
        return
    back = Back(place, units, reason)
    approved_at = requested_at + timedelta(hours=6)
    one = ReturnDraft(requested_at, [back], "REQUESTED", paybacks=paybacks)
    draft.returns.append(one)
    if kind == "declined":
        one.status = "DECLINED"
        one.declined = _DECLINED[draft.digits % len(_DECLINED)]
    elif approved_at <= AS_OF:
        one.status, one.approved_at = "OPEN", approved_at
        back.received = units if received_at is not None else 0
        back.refunded = units if refunded_at is not None else 0
        # Somebody closes the return a day after the money left: the order does not notice.
        if refunded_at is not None and refunded_at + timedelta(hours=20) <= AS_OF:
            one.status, one.closed_at = "CLOSED", refunded_at + timedelta(hours=20)


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)


def _sure(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
