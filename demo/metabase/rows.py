"""Writes planned orders and their customers into the shop's tables."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb

from demo.metabase.shop_orders import (
    CUSTOMERS,
    FIRST_CUSTOMER_ID,
    ShopItem,
    ShopOrder,
    ShopRefund,
)


def customer_rows() -> list[tuple[Any, ...]]:
    """Return the customers of the planned orders; the last two tell little about themselves."""
    since = datetime(2025, 10, 30, 12)
    return [
        (
            FIRST_CUSTOMER_ID + place,
            None if place == 4 else f"Customer X{place}",
            None if place == 5 else f"planned.{place}@example.org",
            None if place in (4, 5) else f"+999 900000{place}",
            "AE",
            since,
            since + timedelta(days=place),
        )
        for place in range(CUSTOMERS)
    ]


def insert_order(connection: duckdb.DuckDBPyConnection, order: ShopOrder, schema: str = "") -> None:
    """Write an order and all that belongs to it. `schema` is a prefix like 'shop.'."""
    items_amount = sum(item.unit_amount * item.quantity for item in order.items)
    discount = sum(item.discount for item in order.items)
    is_gone = order.status in ("cancelled", "placed", "undelivered")
    delivered_at = None if is_gone else order.ordered_at + timedelta(days=2)
    cancelled_at = order.ordered_at + timedelta(hours=3) if order.status == "cancelled" else None
    changed_at = order.updated_at or cancelled_at or delivered_at or order.ordered_at
    customer = None if order.customer is None else FIRST_CUSTOMER_ID + order.customer - 1
    _insert(
        connection,
        f"{schema}orders",
        [
            (
                order.order_id,
                order.order_number,
                customer,
                order.ordered_at,
                changed_at,
                delivered_at,
                cancelled_at,
                order.status,
                order.is_test,
                order.currency,
                items_amount,
                discount,
                order.shipping,
                order.tax,
                items_amount - discount + order.shipping + order.tax,
            )
        ],
    )
    _insert(
        connection,
        f"{schema}order_items",
        [
            (
                order.order_id + line,
                order.order_id,
                *_product(connection, order, item, schema),
                item.quantity,
                item.cancelled,
                item.unit_amount,
                item.discount,
                item.line_amount,
                order.currency,
                order.status,
                item.is_gift_card,
                changed_at,
            )
            for line, item in enumerate(order.items, start=1)
        ],
    )
    for number, refund in enumerate(order.refunds, start=1):
        _insert_refund(connection, order, refund, number, customer, schema)


def _insert_refund(
    connection: duckdb.DuckDBPyConnection,
    order: ShopOrder,
    refund: ShopRefund,
    number: int,
    customer: int | None,
    schema: str,
) -> None:
    refund_id = order.order_id + 10 * number
    requested_at = order.ordered_at + timedelta(days=refund.days)
    refunded_at = requested_at + timedelta(days=2) if refund.status == "refunded" else None
    is_back = refund.kind in ("return", "undelivered", "replacement")
    is_received = is_back and refund.status in ("refunded", "approved")
    received_at = requested_at + timedelta(days=1) if is_received else None
    changed_at = refunded_at or received_at or requested_at
    _insert(
        connection,
        f"{schema}refunds",
        [
            (
                refund_id,
                order.order_id,
                customer,
                requested_at,
                refunded_at,
                changed_at,
                refund.status,
                refund.kind,
                refund.currency or order.currency,
                refund.amount,
                refund.shipping,
                refund.reason,
                refund.note,
            )
        ],
    )
    _insert(
        connection,
        f"{schema}refund_items",
        [
            (
                refund_id + place,
                refund_id,
                order.order_id,
                order.order_id + item.line,
                item.quantity,
                item.amount,
                is_received,
                received_at,
                item.reason,
                changed_at,
            )
            for place, item in enumerate(refund.items, start=1)
        ],
    )


def _product(
    connection: duckdb.DuckDBPyConnection, order: ShopOrder, item: ShopItem, schema: str
) -> tuple[int | None, str, str]:
    if not item.is_in_catalogue:
        return None, "GIFT-CARD" if item.is_gift_card else "GONE-0001", "Not in the catalogue"
    # Each order another product: so many refunds of one would make it a defective product.
    products = connection.execute(
        f"select product_id, sku, product_name from {schema}products order by sku"
    ).fetchall()
    product_id, sku, name = products[order.place % len(products)]
    return product_id, sku, name


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        # The tables hold UTC without saying so.
        values = [cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell for cell in row]
        connection.execute(f"insert into {table} values ({marks})", values)
