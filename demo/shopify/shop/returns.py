"""Words the returns of an order: what comes back, why, and what was sent instead."""

from demo.shopify.shop.drafts import Back, Draft
from demo.shopify.shop.reasons import BY_HANDLE, LEGACY
from demo.shopify.shop.values import Purse, Record, child_number, gid, moment

_RANK = {"REQUESTED": 3, "OPEN": 2, "CLOSED": 1}
_ORDER_STATUS = {3: "RETURN_REQUESTED", 2: "IN_PROGRESS", 1: "RETURNED", 0: "NO_RETURN"}


def return_status(draft: Draft) -> str:
    """Return the order's state of returns: a request outranks an open, an open a closed one."""
    return _ORDER_STATUS[max((_RANK.get(one.status, 0) for one in draft.returns), default=0)]


def return_of(draft: Draft, place: int, order: Record, lines: list[Record], purse: Purse) -> Record:
    """Return the return at this place; refunds of it are tied to it, and it to them."""
    one = draft.returns[place]
    first_line = sum(len(before.lines) for before in draft.returns[:place])
    number = child_number("Return", draft.digits, place + 1)
    worded: Record = {
        "__typename": "Return",
        "id": gid("Return", number),
        "name": f"{order['name']}-R{place + 1}",
        "status": one.status,
        "createdAt": moment(one.created_at),
        "requestApprovedAt": moment(one.approved_at),
        "closedAt": moment(one.closed_at),
        "decline": None,
        "totalQuantity": sum(back.units for back in one.lines),
        "order": order,
        "returnShippingFees": [],
        "transactions": [],
        "refunds": [order["refunds"][at] for at in one.paybacks],
    }
    if one.declined is not None:
        reason, note = one.declined
        worded["decline"] = {"__typename": "ReturnDecline", "reason": reason, "note": note}
    for refund in worded["refunds"]:
        refund["return"] = worded
        worded["transactions"] += refund["transactions"]
    worded["returnLineItems"] = [
        _line(draft, first_line + index + 1, back, one.status, order, purse)
        for index, back in enumerate(one.lines)
    ]
    worded["exchangeLineItems"] = [
        {
            "__typename": "ExchangeLineItem",
            "id": gid(
                "ExchangeLineItem",
                child_number("ExchangeLineItem", draft.digits, place * 10 + index + 1),
            ),
            "quantity": units,
            "variantId": lines[at]["variant"]["id"] if lines[at]["variant"] else None,
            "lineItems": [lines[at]],
        }
        for index, (at, units) in enumerate(one.exchanged)
    ]
    return worded


def _line(draft: Draft, place: int, back: Back, status: str, order: Record, purse: Purse) -> Record:
    is_alive = status in ("OPEN", "CLOSED")
    definition = BY_HANDLE[back.handle] if back.handle is not None else None
    line: Record = {
        "__typename": "UnverifiedReturnLineItem" if back.place is None else "ReturnLineItem",
        "id": gid("ReturnLineItem", child_number("ReturnLineItem", draft.digits, place)),
        "quantity": back.units,
        "processedQuantity": back.received,
        "unprocessedQuantity": back.units - back.received,
        "processableQuantity": back.units - back.received if status == "OPEN" else 0,
        "refundedQuantity": back.refunded,
        "refundableQuantity": back.units - back.refunded if is_alive else 0,
        "returnReason": back.legacy or LEGACY[back.handle or "unknown"],
        "returnReasonDefinition": definition,
        "returnReasonNote": back.note,
        "customerNote": back.customer_note,
    }
    if back.place is None:
        line["id"] = gid("UnverifiedReturnLineItem", line["id"].rpartition("/")[2])
        line["unitPrice"] = purse.bag(2_500)["shopMoney"]
        return line
    sold = draft.lines[back.place]
    line["fulfillmentLineItem"] = _parcel_line(order, order["lineItems"][back.place]["id"])
    line["withCodeDiscountedTotalPriceSet"] = purse.bag(sold.net * back.units // sold.quantity)
    line["restockingFee"] = None
    line["totalWeight"] = None
    return line


def _parcel_line(order: Record, line_id: str) -> Record:
    """Return the newest parcel's line of an order line: only what was sent can come back."""
    for parcel in reversed(order["fulfillments"]):
        for held in parcel["fulfillmentLineItems"]:
            if held["lineItem"]["id"] == line_id:
                found: Record = held
                return found
    raise ValueError(f"{line_id} comes back but was never sent")
