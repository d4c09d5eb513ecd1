"""A hand-made shop behind Metabase, written as its extractor lands it: one folder a run."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from shopify_shop import Row, land

from extract.metabase.tables import SOURCE_NAME, TABLES

ORDERED_AT = "2026-03-02T09:30:00Z"
DELIVERED_AT = "2026-03-04T09:30:00Z"
REQUESTED_AT = "2026-03-07T09:30:00Z"
REFUNDED_AT = "2026-03-09T09:30:00Z"
CHANGED_AT = "2026-03-09T09:30:00Z"


@dataclass(frozen=True)
class Item:
    """One line; amounts in subunits, the discount of the whole line."""

    unit_amount: int
    quantity: int = 1
    discount: int = 0
    cancelled: int = 0
    sku: str = "A-1"
    status: str = "delivered"
    is_gift_card: bool = False

    @property
    def line_amount(self) -> int:
        """What the customer paid for the line, cancelled units included."""
        return self.unit_amount * self.quantity - self.discount


@dataclass
class DesertcartShop:
    """Orders and refunds by the name of the order; `land` writes what was added since."""

    raw: Path
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **values: object) -> None:
        """Add a row; numbers are written as text and flags as true or false, as they are landed."""
        self.rows[table].append(
            {
                name: str(value).lower() if isinstance(value, bool) else str(value)
                for name, value in values.items()
                if value is not None
            }
        )

    def order(self, name: str, currency: str, *items: Item, **values: object) -> None:
        """Add a delivered order of customer c1 with lines `<name>-1`, `<name>-2`, ..."""
        paid = sum(item.line_amount for item in items)
        order: dict[str, object] = {
            "order_number": f"DC-{name}",
            "customer_id": "c1",
            "ordered_at": ORDERED_AT,
            "updated_at": CHANGED_AT,
            "delivered_at": DELIVERED_AT,
            "status": "delivered",
            "is_test": False,
            "shipping_amount": 0,
            "tax_amount": 0,
            "discount_amount": sum(item.discount for item in items),
            "items_amount": sum(item.unit_amount * item.quantity for item in items),
            "total_amount": paid,
            **values,
        }
        self.add("orders", order_id=name, currency=currency, **order)
        for place, item in enumerate(items, start=1):
            self.add(
                "order_items",
                order_item_id=f"{name}-{place}",
                order_id=name,
                product_id=f"p-{item.sku}",
                sku=item.sku,
                product_name="As ordered",
                quantity=item.quantity,
                cancelled_quantity=item.cancelled,
                unit_amount=item.unit_amount,
                discount_amount=item.discount,
                line_amount=item.line_amount,
                currency=currency,
                status=item.status,
                is_gift_card=item.is_gift_card,
                updated_at=order["updated_at"],
            )

    def refund(
        self,
        order: str,
        number: int,
        currency: str,
        amount: int | None,
        *lines: tuple[int, int | None, int],
        kind: str = "return",
        status: str = "refunded",
        **values: object,
    ) -> None:
        """Add refund `<order>-r<number>`; a line is (place in the order, units, money)."""
        refund: dict[str, object] = {
            "customer_id": "c1",
            "requested_at": REQUESTED_AT,
            "refunded_at": REFUNDED_AT if status == "refunded" else None,
            "updated_at": CHANGED_AT,
            "shipping_amount": 0,
            "reason": "Too small",
            **values,
        }
        refund_id = f"{order}-r{number}"
        self.add(
            "refunds",
            refund_id=refund_id,
            order_id=order,
            status=status,
            refund_type=kind,
            currency=currency,
            amount=amount,
            **refund,
        )
        for place, (line, units, money) in enumerate(lines, start=1):
            self.add(
                "refund_items",
                refund_item_id=f"{refund_id}-{place}",
                refund_id=refund_id,
                order_id=order,
                order_item_id=f"{order}-{line}",
                quantity=units,
                amount=money,
                is_received=status == "refunded",
                received_at=None,
                updated_at=CHANGED_AT,
            )

    def land(self, run: str) -> None:
        """Write one run and start the next."""
        land(self.raw, SOURCE_NAME, run, TABLES, self.rows)
        self.rows = defaultdict(list)
