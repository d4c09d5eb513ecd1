"""From orders and customers as GraphQL gives them to rows. Pure: no network, no files.

Bulk operations are put together into the same shape first, so they go through here as well.
"""

import json
from collections.abc import Mapping
from typing import Any

from extract.shopify import tables
from extract.shopify.rows import Rows
from extract.shopify.values import id_of, number_of, sum_of, text_of

Node = Mapping[str, Any]

_NO_MONEY: Node = {}


def flatten_order(order: Node, rows: Rows) -> None:
    """Append one order and everything below it."""
    order_id = number_of(order["id"])
    currency, presentment = order.get("currencyCode"), order.get("presentmentCurrencyCode")
    total_shop, total_presentment = _amounts(order.get("totalPriceSet"))
    rows.of(tables.ORDERS.name).append(
        (
            order_id,
            order.get("name"),
            order.get("createdAt"),
            order.get("processedAt"),
            order.get("updatedAt"),
            order.get("closedAt"),
            order.get("cancelledAt"),
            order.get("cancelReason"),
            text_of(order.get("test")),
            text_of(order.get("edited")),
            order.get("sourceName"),
            order.get("displayFinancialStatus"),
            order.get("displayFulfillmentStatus"),
            order.get("returnStatus"),
            currency,
            presentment,
            text_of(order.get("taxesIncluded")),
            id_of(order.get("customer")),
            order.get("email"),
            order.get("phone"),
            total_shop,
            total_presentment,
            _shop_amount(order.get("currentTotalPriceSet")),
            _shop_amount(order.get("totalReceivedSet")),
            _shop_amount(order.get("totalRefundedSet")),
            _shop_amount(order.get("totalShippingPriceSet")),
            _shop_amount(order.get("totalTaxSet")),
            _shop_amount(order.get("totalDiscountsSet")),
        )
    )
    lines = rows.of(tables.ORDER_LINES.name)
    for position, line in enumerate(_nodes(order, "lineItems"), start=1):
        lines.append(_line_row(order_id, position, line, currency, presentment))
    fulfillments = rows.of(tables.FULFILLMENTS.name)
    for fulfillment in order.get("fulfillments") or ():
        fulfillments.append(_fulfillment_row(order_id, fulfillment))
    refund_of: dict[str, str] = {}
    for refund in order.get("refunds") or ():
        _flatten_refund(order_id, refund, rows, refund_of)
    transactions = rows.of(tables.TRANSACTIONS.name)
    for transaction in order.get("transactions") or ():
        transactions.append(_transaction_row(order_id, transaction, refund_of))
    for returned in _nodes(order, "returns"):
        _flatten_return(order_id, returned, rows)


def flatten_customer(customer: Node, rows: Rows) -> None:
    """Append one customer."""
    spent = customer.get("amountSpent") or _NO_MONEY
    address = customer.get("defaultAddress") or {}
    rows.of(tables.CUSTOMERS.name).append(
        (
            number_of(customer["id"]),
            customer.get("createdAt"),
            customer.get("updatedAt"),
            customer.get("state"),
            customer.get("displayName"),
            customer.get("firstName"),
            customer.get("lastName"),
            (customer.get("defaultEmailAddress") or {}).get("emailAddress"),
            (customer.get("defaultPhoneNumber") or {}).get("phoneNumber"),
            text_of(customer.get("numberOfOrders")),
            spent.get("amount"),
            spent.get("currencyCode"),
            json.dumps(customer.get("tags") or [], ensure_ascii=False),
            address.get("countryCodeV2"),
            address.get("address1"),
            address.get("city"),
            address.get("zip"),
        )
    )


def flatten_return_reason(reason: Node, rows: Rows) -> None:
    """Append one definition of a return reason."""
    rows.of(tables.RETURN_REASONS.name).append(
        (
            number_of(reason["id"]),
            reason.get("handle"),
            reason.get("name"),
            text_of(reason.get("deleted")),
        )
    )


def _line_row(
    order_id: str, position: int, line: Node, currency: str | None, presentment: str | None
) -> tuple[str | None, ...]:
    product = line.get("product")
    unit_shop, unit_presentment = _amounts(line.get("originalUnitPriceSet"))
    whole_shop, whole_presentment = _amounts(line.get("originalTotalSet"))
    paid_shop, paid_presentment = _amounts(line.get("discountedUnitPriceAfterAllDiscountsSet"))
    # Most lines have no discount, and a sum over nothing is not worth a call.
    discounts = (
        [_amounts(each["allocatedAmountSet"]) for each in line["discountAllocations"]]
        if (line.get("discountAllocations"))
        else ()
    )
    return (
        order_id,
        number_of(line["id"]),
        str(position),
        line.get("title"),
        line.get("variantTitle"),
        line.get("sku"),
        id_of(product),
        id_of(line.get("variant")),
        line.get("vendor"),
        product.get("productType") if product else None,
        text_of(line.get("quantity")),
        text_of(line.get("currentQuantity")),
        text_of(line.get("isGiftCard")),
        text_of(line.get("requiresShipping")),
        currency,
        presentment,
        unit_shop,
        unit_presentment,
        whole_shop,
        whole_presentment,
        paid_shop,
        paid_presentment,
        sum_of(shop for shop, _ in discounts) if discounts else "0",
        sum_of(presented for _, presented in discounts) if discounts else "0",
        sum_of(_shop_amount(tax["priceSet"]) for tax in line.get("taxLines") or ()),
    )


def _fulfillment_row(order_id: str, fulfillment: Node) -> tuple[str | None, ...]:
    return (
        order_id,
        number_of(fulfillment["id"]),
        fulfillment.get("name"),
        fulfillment.get("status"),
        fulfillment.get("displayStatus"),
        fulfillment.get("createdAt"),
        fulfillment.get("updatedAt"),
        fulfillment.get("inTransitAt"),
        fulfillment.get("deliveredAt"),
        text_of(fulfillment.get("totalQuantity")),
    )


def _flatten_refund(order_id: str, refund: Node, rows: Rows, refund_of: dict[str, str]) -> None:
    """Append a refund and its parts, and note whose its transactions are."""
    refund_id = number_of(refund["id"])
    total = refund.get("totalRefundedSet") or _NO_MONEY
    currencies = (_currency(total, "shopMoney"), _currency(total, "presentmentMoney"))
    rows.of(tables.REFUNDS.name).append(
        (
            order_id,
            refund_id,
            id_of(refund.get("return")),
            refund.get("createdAt"),
            refund.get("processedAt"),
            refund.get("updatedAt"),
            refund.get("note"),
            *_amounts(total),
            *currencies,
        )
    )
    lines = rows.of(tables.REFUND_LINES.name)
    for position, line in enumerate(_nodes(refund, "refundLineItems"), start=1):
        lines.append(
            (
                order_id,
                refund_id,
                # The schema lets it be null, and two lines without a name would pass for one.
                number_of(line["id"]) if line.get("id") else f"{refund_id}-{position}",
                id_of(line.get("lineItem")),
                text_of(line.get("quantity")),
                line.get("restockType"),
                text_of(line.get("restocked")),
                *currencies,
                *_amounts(line.get("subtotalSet")),
                *_amounts(line.get("totalTaxSet")),
            )
        )
    shipping = rows.of(tables.REFUND_SHIPPING_LINES.name)
    for line in _nodes(refund, "refundShippingLines"):
        shipping.append(
            (
                order_id,
                refund_id,
                number_of(line["id"]),
                *_amounts(line.get("subtotalAmountSet")),
                *_amounts(line.get("taxAmountSet")),
                *currencies,
            )
        )
    adjustments = rows.of(tables.ORDER_ADJUSTMENTS.name)
    for adjustment in _nodes(refund, "orderAdjustments"):
        adjustments.append(
            (
                order_id,
                refund_id,
                number_of(adjustment["id"]),
                None,
                adjustment.get("reason"),
                *_amounts(adjustment.get("amountSet")),
                *_amounts(adjustment.get("taxAmountSet")),
                *currencies,
            )
        )
    for transaction in _nodes(refund, "transactions"):
        refund_of[transaction["id"]] = refund_id


def _transaction_row(
    order_id: str, transaction: Node, refund_of: Mapping[str, str]
) -> tuple[str | None, ...]:
    money = transaction.get("amountSet") or _NO_MONEY
    return (
        order_id,
        refund_of.get(transaction["id"]),
        number_of(transaction["id"]),
        id_of(transaction.get("parentTransaction")),
        transaction.get("kind"),
        transaction.get("status"),
        transaction.get("gateway"),
        text_of(transaction.get("test")),
        transaction.get("createdAt"),
        transaction.get("processedAt"),
        transaction.get("errorCode"),
        *_amounts(money),
        _currency(money, "shopMoney"),
        _currency(money, "presentmentMoney"),
    )


def _flatten_return(order_id: str, returned: Node, rows: Rows) -> None:
    return_id = number_of(returned["id"])
    decline = returned.get("decline") or {}
    rows.of(tables.RETURNS.name).append(
        (
            order_id,
            return_id,
            returned.get("name"),
            returned.get("status"),
            returned.get("createdAt"),
            returned.get("requestApprovedAt"),
            returned.get("closedAt"),
            decline.get("reason"),
            decline.get("note"),
            text_of(returned.get("totalQuantity")),
        )
    )
    lines = rows.of(tables.RETURN_LINES.name)
    for line in _nodes(returned, "returnLineItems"):
        shipped = line.get("fulfillmentLineItem")
        reason = line.get("returnReasonDefinition") or {}
        lines.append(
            (
                order_id,
                return_id,
                number_of(line["id"]),
                # The type's name stands in the gid as well, for whoever did not ask for it.
                line.get("__typename") or line["id"].split("/")[-2],
                id_of(shipped.get("lineItem")) if shipped else None,
                id_of(shipped),
                text_of(line.get("quantity")),
                text_of(line.get("processedQuantity")),
                text_of(line.get("refundedQuantity")),
                text_of(line.get("refundableQuantity")),
                line.get("returnReason"),
                reason.get("handle"),
                reason.get("name"),
                line.get("returnReasonNote"),
                line.get("customerNote"),
            )
        )
    exchanges = rows.of(tables.EXCHANGE_LINES.name)
    for line in _nodes(returned, "exchangeLineItems"):
        added = [number_of(each["id"]) for each in line.get("lineItems") or ()]
        exchanges.append(
            (
                order_id,
                return_id,
                number_of(line["id"]),
                text_of(line.get("quantity")),
                json.dumps(added),
            )
        )


def _nodes(owner: Node, connection: str) -> list[Node]:
    found = owner.get(connection)
    return found["nodes"] if found else []


def _amounts(money: Node | None) -> tuple[str | None, str | None]:
    if not money:
        return None, None
    presented = money.get("presentmentMoney")
    return money["shopMoney"]["amount"], presented["amount"] if presented else None


def _shop_amount(money: Node | None) -> str | None:
    return money["shopMoney"]["amount"] if money else None


def _currency(money: Node, side: str) -> str | None:
    found = money.get(side)
    return found.get("currencyCode") if found else None
