"""A hand-made Shopify shop, written as its extractor lands it: raw Parquet, one folder a run."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from extract.shopify.tables import TABLES
from extract.tables import RawTable

Row = dict[str, str | None]

# What a build of the Shopify models alone takes.
SELECTED = (
    "--select",
    "path:models/staging/shopify",
    "path:models/intermediate/shopify",
    "shopify_restock_types",
    "shopify_tip_titles",
    "non_product_skus",
    "return_states",
    # Control totals of the core need the marts of every source.
    "--exclude",
    "int_shopify__core_totals",
    "int_shopify__reconciliation",
)

STORE = "north-lamp"
CURRENCY = "CAD"


def land(
    raw: Path, source: str, run: str, tables: Iterable[RawTable], rows: Mapping[str, list[Row]]
) -> None:
    """Write one run of a source: every declared table, without rows if need be."""
    folder = raw / source / f"run={run}"
    folder.mkdir(parents=True)
    for table in tables:
        names = table.schema.names
        unknown = {name for row in rows.get(table.name, []) for name in row} - set(names)
        assert not unknown, f"{table.name} has no column {sorted(unknown)}"
        filled = [
            {
                **dict.fromkeys(names),
                **row,
                "_run_id": run,
                "_extracted_at": datetime(2026, 7, 1, tzinfo=UTC),
            }
            for row in rows.get(table.name, [])
        ]
        pq.write_table(pa.Table.from_pylist(filled, table.schema), folder / f"{table.name}.parquet")


@dataclass
class Shop:
    """Orders of one shop; `land` writes those that were added since the last run."""

    raw: Path
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **values: object) -> None:
        """Add a row; numbers are written as text and flags as true or false, as they are landed."""
        texts = {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in values.items()
            if value is not None
        }
        self.rows[table].append({"store": STORE, **texts})

    def order(self, order_id: str, *lines: Mapping[str, object], **values: object) -> None:
        """Add an order of a known customer, delivered three days after it was placed."""
        delivered = values.pop("delivered_at", "2026-03-04T12:00:00Z")
        self.add(
            "orders",
            **{
                "order_id": order_id,
                "order_name": f"#{order_id}",
                "created_at": "2026-03-01T10:00:00Z",
                "processed_at": "2026-03-01T10:00:00Z",
                "updated_at": "2026-06-01T10:00:00Z",
                "is_test": False,
                "is_edited": False,
                "financial_status": "PAID",
                "currency": CURRENCY,
                "presentment_currency": CURRENCY,
                "taxes_included": False,
                "customer_id": "c1",
                "email": "Buyer@Example.com",
                **values,
            },
        )
        for position, line in enumerate(lines, start=1):
            self.line(order_id, position, **line)
        if delivered:
            self.add(
                "fulfillments",
                order_id=order_id,
                fulfillment_id=f"{order_id}-f1",
                status="SUCCESS",
                display_status="DELIVERED",
                created_at="2026-03-02T10:00:00Z",
                delivered_at=delivered,
            )

    def line(self, order_id: str, position: int, **values: object) -> None:
        """Add a line named `<order>-l<position>`; the price is that of one unit."""
        price, quantity = values.pop("price", 10), values.get("quantity", 1)
        self.add(
            "order_lines",
            **{
                "order_id": order_id,
                "order_line_id": f"{order_id}-l{position}",
                "position": position,
                "title": "Lamp",
                "variant_title": "Default Title",
                "sku": f"lamp-{position}",
                "product_id": f"p{position}",
                "variant_id": f"v{position}",
                "vendor": "North",
                "product_type": "Lights",
                "quantity": quantity,
                "current_quantity": quantity,
                "is_gift_card": False,
                "requires_shipping": True,
                "currency": CURRENCY,
                "presentment_currency": CURRENCY,
                "unit_price_shop_amount": price,
                "unit_price_presentment_amount": price,
                "discount_shop_amount": 0,
                **values,
            },
        )

    def refund(
        self,
        order_id: str,
        number: int,
        paid: object | None,
        *lines: tuple[int, int, str, object],
        status: str = "SUCCESS",
        **values: object,
    ) -> None:
        """Add a refund. A line is (place in the order, units, restock type, subtotal).

        `paid` is the amount of its one transaction, None for a refund without any. Keyword
        `shipping` adds a refunded shipping line, `tax` is the tax of the first line.
        """
        refund_id = f"{order_id}-r{number}"
        shipping, tax = values.pop("shipping", None), values.pop("tax", 0)
        self.add(
            "refunds",
            **{
                "order_id": order_id,
                "refund_id": refund_id,
                "created_at": "2026-03-20T10:00:00Z",
                "processed_at": "2026-03-20T10:00:00Z",
                "total_refunded_shop_amount": paid or 0,
                "currency": CURRENCY,
                "presentment_currency": CURRENCY,
                **values,
            },
        )
        for place, (position, units, restock_type, subtotal) in enumerate(lines, start=1):
            self.add(
                "refund_lines",
                order_id=order_id,
                refund_id=refund_id,
                refund_line_id=f"{refund_id}-{place}",
                order_line_id=f"{order_id}-l{position}",
                quantity=units,
                restock_type=restock_type,
                currency=CURRENCY,
                subtotal_shop_amount=subtotal,
                tax_shop_amount=tax if place == 1 else 0,
            )
        if shipping is not None:
            self.add(
                "refund_shipping_lines",
                order_id=order_id,
                refund_id=refund_id,
                refund_shipping_line_id=f"{refund_id}-s",
                subtotal_shop_amount=shipping,
                tax_shop_amount=0,
            )
        if paid is not None:
            self.transaction(order_id, number, 1, paid, status)

    def transaction(
        self, order_id: str, refund: int, number: int, amount: object, status: str
    ) -> None:
        """Add one movement of a refund's money."""
        self.add(
            "transactions",
            order_id=order_id,
            refund_id=f"{order_id}-r{refund}",
            transaction_id=f"{order_id}-r{refund}-t{number}",
            kind="REFUND",
            status=status,
            amount_shop_amount=amount,
            amount_presentment_amount=amount,
            currency=CURRENCY,
            presentment_currency=CURRENCY,
        )

    def goods_return(
        self, order_id: str, number: int, status: str, position: int = 1, **line: object
    ) -> None:
        """Add a return of one order line."""
        return_id = f"{order_id}-x{number}"
        closed = "2026-03-19T10:00:00Z" if status == "CLOSED" else None
        self.add(
            "returns",
            order_id=order_id,
            return_id=return_id,
            status=status,
            created_at="2026-03-10T10:00:00Z",
            closed_at=closed,
        )
        self.add(
            "return_lines",
            **{
                "order_id": order_id,
                "return_id": return_id,
                "return_line_id": f"{return_id}-1",
                "line_type": "ReturnLineItem",
                "order_line_id": f"{order_id}-l{position}",
                "quantity": 1,
                "processed_quantity": 1 if status == "CLOSED" else 0,
                "return_reason": "UNKNOWN",
                **line,
            },
        )

    def exchange(self, order_id: str, number: int, *positions: int) -> None:
        """Say which lines of the order an exchange of a return has added."""
        self.add(
            "exchange_lines",
            order_id=order_id,
            return_id=f"{order_id}-x{number}",
            exchange_line_id=f"{order_id}-x{number}-e",
            quantity=len(positions),
            order_line_ids=json.dumps([f"{order_id}-l{position}" for position in positions]),
        )

    def land(self, run: str) -> None:
        """Write what was added as one run, and forget it."""
        self.add(
            "shops",
            shop_id="1",
            shop_name="North Lamp",
            currency=CURRENCY,
            time_zone="America/Toronto",
            api="graphql",
            api_version="2026-10",
            oldest_order_at="2025-01-01T00:00:00Z",
        )
        land(self.raw, "shopify", run, TABLES, self.rows)
        self.rows = defaultdict(list)
