"""Words the money of an order: its payment, its refunds and their transactions."""

from dataclasses import dataclass
from datetime import timedelta

from demo.shopify.shop.drafts import Draft
from demo.shopify.shop.values import Purse, Record, child_number, gid, moment


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a refund is worth, in fils. `lines` holds (goods, tax) by line of the refund."""

    lines: list[tuple[int, int]]
    shipping: int
    kept: int

    @property
    def total(self) -> int:
        """Return what goes back: lines with tax, and shipping, less what the shop keeps."""
        return sum(goods + tax for goods, tax in self.lines) + self.shipping - self.kept


def amounts_of(draft: Draft, place: int) -> Amounts:
    """Return the amounts of the refund at this place of the order."""
    one = draft.paybacks[place]
    worths = []
    for at, units, _ in one.lines:
        line = draft.lines[at]
        worths.append((line.net * units // line.quantity, line.tax * units // line.quantity))
    return Amounts(worths, one.shipping, one.kept)


def money_back(draft: Draft, place: int) -> int:
    """Return what the refund gave back: the sum of its successful transactions, in fils."""
    return amounts_of(draft, place).total * draft.paybacks[place].statuses.count("SUCCESS")


def sale_of(draft: Draft, order: Record, total: int, purse: Purse) -> list[Record]:
    """Return the transactions by which the order was paid, or its payment given up."""
    removed = sum((line.net + line.tax) * line.removed // line.quantity for line in draft.lines)
    amount = total - removed
    at = draft.ordered_at
    if draft.is_paid and not draft.is_captured_later:
        steps = [("SALE", at)]
    elif draft.is_paid:
        steps = [("AUTHORIZATION", at), ("CAPTURE", at + timedelta(minutes=30))]
    elif draft.cancelled_at is not None:
        steps = [("AUTHORIZATION", at), ("VOID", draft.cancelled_at)]
    else:
        steps = [("AUTHORIZATION", at)]
    transactions: list[Record] = []
    for place, (kind, moment_of) in enumerate(steps, start=1):
        transactions.append(
            _transaction(draft, order, place, kind, "SUCCESS", moment(moment_of), amount, purse)
        )
    if len(transactions) == 2:
        transactions[1]["parentTransaction"] = transactions[0]
    return transactions


def refund_of(draft: Draft, place: int, order: Record, lines: list[Record], purse: Purse) -> Record:
    """Return the refund at this place; its transactions join those of the order."""
    one = draft.paybacks[place]
    amounts = amounts_of(draft, place)
    number = child_number("Refund", draft.digits, place + 1)
    at = moment(one.at)
    first_line = sum(len(before.lines) for before in draft.paybacks[:place])
    refund: Record = {
        "__typename": "Refund",
        "id": gid("Refund", number),
        "legacyResourceId": str(number),
        "createdAt": at,
        "processedAt": at,
        "updatedAt": at,
        "note": one.note,
        "return": None,
        "order": order,
        "totalRefundedSet": purse.bag(money_back(draft, place)),
        "refundShippingLines": [],
        "orderAdjustments": [],
        "transactions": [],
    }
    refund["refundLineItems"] = [
        {
            "__typename": "RefundLineItem",
            "id": gid(
                "RefundLineItem",
                child_number("RefundLineItem", draft.digits, first_line + index + 1),
            ),
            "lineItem": lines[at_line],
            "quantity": units,
            "restockType": restock,
            "restocked": one.restocks and restock in ("RETURN", "CANCEL"),
            "location": None,
            "priceSet": purse.bag(goods // units),
            "subtotalSet": purse.bag(goods),
            "totalTaxSet": purse.bag(tax),
        }
        for index, ((at_line, units, restock), (goods, tax)) in enumerate(
            zip(one.lines, amounts.lines, strict=True)
        )
    ]
    if one.shipping:
        shipping_number = child_number("RefundShippingLine", draft.digits, place + 1)
        refund["refundShippingLines"] = [
            {
                "__typename": "RefundShippingLine",
                "id": gid("RefundShippingLine", shipping_number),
                "shippingLine": order["shippingLine"],
                "subtotalAmountSet": purse.bag(one.shipping),
                "taxAmountSet": purse.bag(0),
            }
        ]
    if one.kept:
        adjustment_number = child_number("OrderAdjustment", draft.digits, place + 1)
        refund["orderAdjustments"] = [
            {
                "__typename": "OrderAdjustment",
                "id": gid("OrderAdjustment", adjustment_number),
                "reason": one.reason or "REFUND_DISCREPANCY",
                "amountSet": purse.bag(one.kept),
                "taxAmountSet": purse.bag(0),
            }
        ]
    for status in one.statuses:
        transaction = _transaction(
            draft,
            order,
            len(order["transactions"]) + 1,
            "REFUND",
            status,
            at,
            amounts.total,
            purse,
        )
        transaction["parentTransaction"] = order["transactions"][0]
        refund["transactions"].append(transaction)
        order["transactions"].append(transaction)
    return refund


def _transaction(
    draft: Draft,
    order: Record,
    place: int,
    kind: str,
    status: str,
    at: str | None,
    amount: int,
    purse: Purse,
) -> Record:
    is_gift = draft.source == "pos"
    return {
        "__typename": "OrderTransaction",
        "id": gid("OrderTransaction", child_number("OrderTransaction", draft.digits, place)),
        "kind": kind,
        "status": status,
        "gateway": "bogus" if draft.is_test else "cash" if is_gift else "shopify_payments",
        "formattedGateway": "Cash" if is_gift else "Shopify Payments",
        "manualPaymentGateway": is_gift,
        "test": draft.is_test,
        "createdAt": at,
        "processedAt": at,
        "errorCode": "CARD_DECLINED" if status in ("FAILURE", "ERROR") else None,
        "parentTransaction": None,
        "order": order,
        "amountSet": purse.bag(amount),
    }
