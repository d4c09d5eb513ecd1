"""What is true of the shop's orders, taken from the generator and the plan, not from the tables."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from demo.company import Company
from demo.metabase.shop import FIRST_COMPANY_ID, SUB_CHANNEL
from demo.metabase.shop_orders import ShopOrder

_PAID_RETURNS = ("return", "refund_only")

_ORDERS = """
select
    chunk_orders.number,
    chunk_orders.order_id,
    chunk_orders.currency,
    chunk_orders.customer_no is null,
    chunk_orders.shipping_minor,
    sum(chunk_lines.quantity),
    coalesce(sum(chunk_lines.quantity) filter (chunk_lines.line_state = 'cancelled'), 0),
    sum(chunk_lines.line_minor)
from chunk_orders
inner join chunk_lines on chunk_orders.number = chunk_lines.number
group by all
"""
_REFUNDS = """
select
    number,
    case when kind = 'declined' then 'return' else kind end,
    refunded_at is not null,
    units,
    refund_minor,
    shipping_refund_minor
from chunk_returns
order by number, line_no, return_no
"""


@dataclass(frozen=True)
class RefundTruth:
    """One refund, amounts in subunits of its own currency.

    `units` is None when it names no lines. What is not paid has no amounts.
    """

    kind: str
    currency: str
    is_paid: bool
    units: int | None
    item_amount: int
    shipping_amount: int


@dataclass(frozen=True)
class OrderTruth:
    """One order, amounts in subunits of its currency.

    Units and `line_amount` (what the lines cost after discount, cancelled units included) are
    without gift cards.
    """

    order_id: int
    order_number: str
    currency: str
    is_test: bool
    is_guest: bool
    units_ordered: int
    units_cancelled: int
    gift_card_units: int
    line_amount: int
    shipping_amount: int
    refunds: tuple[RefundTruth, ...]

    @property
    def units_sold(self) -> int:
        """Return the units that were not cancelled."""
        return self.units_ordered - self.units_cancelled

    @property
    def units_refunded(self) -> int:
        """Return the units of paid returns and refunds of goods that were kept."""
        return sum(
            refund.units or 0
            for refund in self.refunds
            if refund.is_paid and refund.kind in _PAID_RETURNS
        )

    @property
    def paid_back(self) -> dict[str, int]:
        """Return all money that was paid back, by currency."""
        found: Counter[str] = Counter()
        for refund in self.refunds:
            if refund.is_paid:
                found[refund.currency] += refund.item_amount + refund.shipping_amount
        return {currency: amount for currency, amount in found.items() if amount}


def company_truth(lines: int, seed: int) -> dict[int, OrderTruth]:
    """Draw the company's orders again and return what is true of each, by order id."""
    found: dict[int, OrderTruth] = {}
    with Company(lines, seed) as company:
        connection = company.connection
        for chunk in company.chunks(SUB_CHANNEL):
            company.fill(connection, chunk)
            orders = connection.execute(_ORDERS).fetchall()
            currencies = {order[0]: order[2] for order in orders}
            refunds: dict[int, list[RefundTruth]] = defaultdict(list)
            for number, kind, is_paid, units, amount, shipping in connection.execute(
                _REFUNDS
            ).fetchall():
                refunds[number].append(
                    RefundTruth(kind, currencies[number], is_paid, units, amount or 0, shipping)
                )
            for number, name, currency, is_guest, shipping, units, cancelled, amount in orders:
                order_id = number + FIRST_COMPANY_ID
                found[order_id] = OrderTruth(
                    order_id,
                    name,
                    currency,
                    False,
                    is_guest,
                    int(units),
                    int(cancelled),
                    0,
                    int(amount),
                    shipping,
                    tuple(refunds[number]),
                )
    return found


def planned_truth(orders: Iterable[ShopOrder]) -> dict[int, OrderTruth]:
    """Return what is true of planned orders, by order id."""
    return {order.order_id: _of_planned(order) for order in orders}


def _of_planned(order: ShopOrder) -> OrderTruth:
    goods = [item for item in order.items if not item.is_gift_card]
    gift_cards = {place for place, item in enumerate(order.items, 1) if item.is_gift_card}
    refunds = []
    for refund in order.refunds:
        is_paid = refund.status == "refunded"
        units = [item.quantity for item in refund.items if item.line not in gift_cards]
        refunds.append(
            RefundTruth(
                refund.kind,
                refund.currency or order.currency,
                is_paid,
                sum(units) if refund.items else None,
                refund.amount - refund.shipping if is_paid else 0,
                refund.shipping if is_paid else 0,
            )
        )
    return OrderTruth(
        order.order_id,
        order.order_number,
        order.currency,
        order.is_test,
        order.customer is None,
        sum(item.quantity for item in goods),
        sum(item.cancelled for item in goods),
        sum(item.quantity for item in order.items if item.is_gift_card),
        sum(item.line_amount for item in goods),
        order.shipping,
        tuple(refunds),
    )
