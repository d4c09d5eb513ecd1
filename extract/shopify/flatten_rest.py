"""From orders and customers as the REST Admin API gives them to the same rows. Pure.

REST has no returns, no `edited`, no product type and no price after all discounts: those stay
null. Shipping that was refunded is an order adjustment of kind `shipping_refund` there, and by the
reference a list of its own since 2024-10: whichever is sent is landed, and they say the same money.
Amounts are taken from `*_set`, because the plain ones are sometimes numbers and in one currency
only.
"""

import json
from collections.abc import Mapping
from typing import Any

from extract.shopify import tables
from extract.shopify.rows import Rows
from extract.shopify.values import sum_of, text_of

Node = Mapping[str, Any]

# What is asked for, and so all that is ever read.
ORDER_FIELDS = (
    "id,name,created_at,processed_at,updated_at,closed_at,cancelled_at,cancel_reason,test,"
    "source_name,financial_status,fulfillment_status,currency,presentment_currency,taxes_included,"
    "customer,email,phone,total_price_set,current_total_price_set,total_shipping_price_set,"
    "total_tax_set,total_discounts_set,line_items,fulfillments,refunds"
)
CUSTOMER_FIELDS = (
    "id,created_at,updated_at,state,first_name,last_name,email,phone,orders_count,total_spent,"
    "currency,tags,default_address"
)


def flatten_order(order: Node, rows: Rows) -> None:
    """Append one order and everything below it."""
    order_id = str(order["id"])
    shop, presentment = order.get("currency"), order.get("presentment_currency")
    refunds = order.get("refunds") or ()
    refunded = [_refunded(refund, shop) for refund in refunds]
    rows.of(tables.ORDERS.name).append(
        (
            order_id,
            order.get("name"),
            order.get("created_at"),
            order.get("processed_at"),
            order.get("updated_at"),
            order.get("closed_at"),
            order.get("cancelled_at"),
            order.get("cancel_reason"),
            text_of(order.get("test")),
            None,
            order.get("source_name"),
            order.get("financial_status"),
            order.get("fulfillment_status"),
            None,
            shop,
            presentment,
            text_of(order.get("taxes_included")),
            _id((order.get("customer") or {}).get("id")),
            order.get("email"),
            order.get("phone"),
            *_amounts(order, "total_price"),
            _amounts(order, "current_total_price")[0],
            None,
            sum_of(refunded),
            _amounts(order, "total_shipping_price")[0],
            _amounts(order, "total_tax")[0],
            _amounts(order, "total_discounts")[0],
        )
    )
    lines = rows.of(tables.ORDER_LINES.name)
    for position, line in enumerate(order.get("line_items") or (), start=1):
        lines.append(_line_row(order_id, position, line, shop, presentment))
    fulfillments = rows.of(tables.FULFILLMENTS.name)
    for fulfillment in order.get("fulfillments") or ():
        fulfillments.append(_fulfillment_row(order_id, fulfillment))
    for refund in refunds:
        _flatten_refund(order_id, refund, rows, shop, presentment)


def flatten_customer(customer: Node, rows: Rows) -> None:
    """Append one customer."""
    tags = [tag.strip() for tag in (customer.get("tags") or "").split(",") if tag.strip()]
    address = customer.get("default_address") or {}
    rows.of(tables.CUSTOMERS.name).append(
        (
            str(customer["id"]),
            customer.get("created_at"),
            customer.get("updated_at"),
            customer.get("state"),
            None,
            customer.get("first_name"),
            customer.get("last_name"),
            customer.get("email"),
            customer.get("phone"),
            text_of(customer.get("orders_count")),
            text_of(customer.get("total_spent")),
            customer.get("currency"),
            json.dumps(tags, ensure_ascii=False),
            address.get("country_code"),
            address.get("address1"),
            address.get("city"),
            address.get("zip"),
        )
    )


def _line_row(
    order_id: str, position: int, line: Node, shop: str | None, presentment: str | None
) -> tuple[str | None, ...]:
    discounts = [_amounts(each, "amount") for each in line.get("discount_allocations") or ()]
    taxes = [_amounts(tax, "price")[0] for tax in line.get("tax_lines") or ()]
    return (
        order_id,
        str(line["id"]),
        str(position),
        line.get("title"),
        line.get("variant_title"),
        line.get("sku"),
        _id(line.get("product_id")),
        _id(line.get("variant_id")),
        line.get("vendor"),
        None,
        text_of(line.get("quantity")),
        text_of(line.get("current_quantity")),
        text_of(line.get("gift_card")),
        text_of(line.get("requires_shipping")),
        shop,
        presentment,
        *_amounts(line, "price"),
        None,
        None,
        None,
        None,
        sum_of(each[0] for each in discounts),
        sum_of(each[1] for each in discounts),
        sum_of(taxes),
    )


def _fulfillment_row(order_id: str, fulfillment: Node) -> tuple[str | None, ...]:
    units = sum(int(line["quantity"]) for line in fulfillment.get("line_items") or ())
    return (
        order_id,
        str(fulfillment["id"]),
        fulfillment.get("name"),
        fulfillment.get("status"),
        fulfillment.get("shipment_status"),
        fulfillment.get("created_at"),
        fulfillment.get("updated_at"),
        # The reader adds these two from the fulfilment's events.
        fulfillment.get("in_transit_at"),
        fulfillment.get("delivered_at"),
        str(units),
    )


def _flatten_refund(
    order_id: str, refund: Node, rows: Rows, shop: str | None, presentment: str | None
) -> None:
    refund_id = str(refund["id"])
    currencies = (shop, presentment)
    rows.of(tables.REFUNDS.name).append(
        (
            order_id,
            refund_id,
            _id((refund.get("return") or {}).get("id")),
            refund.get("created_at"),
            refund.get("processed_at"),
            None,
            refund.get("note"),
            _refunded(refund, shop),
            _refunded(refund, presentment),
            *currencies,
        )
    )
    lines = rows.of(tables.REFUND_LINES.name)
    for line in refund.get("refund_line_items") or ():
        lines.append(
            (
                order_id,
                refund_id,
                str(line["id"]),
                _id(line.get("line_item_id")),
                text_of(line.get("quantity")),
                line.get("restock_type"),
                None,
                *currencies,
                *_amounts(line, "subtotal"),
                *_amounts(line, "total_tax"),
            )
        )
    shipping = rows.of(tables.REFUND_SHIPPING_LINES.name)
    for line in refund.get("refund_shipping_lines") or ():
        shipping.append(
            (
                order_id,
                refund_id,
                str(line["id"]),
                *_amounts(line, "subtotal_amount"),
                *_amounts(line, "tax_amount"),
                *currencies,
            )
        )
    adjustments = rows.of(tables.ORDER_ADJUSTMENTS.name)
    for adjustment in refund.get("order_adjustments") or ():
        adjustments.append(
            (
                order_id,
                refund_id,
                str(adjustment["id"]),
                adjustment.get("kind"),
                adjustment.get("reason"),
                *_amounts(adjustment, "amount"),
                *_amounts(adjustment, "tax_amount"),
                *currencies,
            )
        )
    transactions = rows.of(tables.TRANSACTIONS.name)
    for transaction in refund.get("transactions") or ():
        transactions.append(
            (
                order_id,
                refund_id,
                str(transaction["id"]),
                _id(transaction.get("parent_id")),
                transaction.get("kind"),
                transaction.get("status"),
                transaction.get("gateway"),
                text_of(transaction.get("test")),
                transaction.get("created_at"),
                transaction.get("processed_at"),
                transaction.get("error_code"),
                _amount_in(transaction, shop),
                _amount_in(transaction, presentment),
                *currencies,
            )
        )


def _refunded(refund: Node, currency: str | None) -> str | None:
    """Add the refund's successful transactions, which is what GraphQL's totalRefundedSet is."""
    return sum_of(
        _amount_in(transaction, currency)
        for transaction in refund.get("transactions") or ()
        if transaction.get("kind") == "refund" and transaction.get("status") == "success"
    )


def _amount_in(transaction: Node, currency: str | None) -> str | None:
    """Return a transaction's amount where it is in that currency; it names one only.

    The reader adds `shop_amount` to orders of two currencies.
    """
    if transaction.get("currency") == currency:
        return text_of(transaction.get("amount"))
    if transaction.get("shop_currency") == currency:
        return text_of(transaction.get("shop_amount"))
    return None


def _amounts(owner: Node, name: str) -> tuple[str | None, str | None]:
    both = owner.get(f"{name}_set")
    if both:
        shop, presented = both.get("shop_money") or {}, both.get("presentment_money") or {}
        return text_of(shop.get("amount")), text_of(presented.get("amount"))
    # Without a set the amount is in shop currency.
    return text_of(owner.get(name)), None


def _id(number: Any) -> str | None:
    return None if number is None else str(number)
