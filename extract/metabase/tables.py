"""The raw tables of source `metabase`, and what a query for each must return."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Literal

from extract.tables import RawTable, texts

SOURCE_NAME = "metabase"

# Everything is landed as text; the kind is what the text must look like.
# whole: digits, for amounts in subunits and for counts. moment: ISO 8601 in UTC with a Z.
Kind = Literal["id", "text", "whole", "moment", "flag"]

CHANGED_AT = "changed_at"
"""The column by which windows and pages go; every query returns it, none of it is landed."""


@dataclass(frozen=True)
class Column:
    """One column that a query returns under this very name. A required one is never blank."""

    name: str
    kind: Kind
    is_required: bool = False


@dataclass(frozen=True)
class QueriedTable:
    """One raw table and the query that fills it; the first column is the key that pages go by.

    Tables of one `group` land together: an order never without all its items and refunds.
    """

    name: str
    group: str
    columns: tuple[Column, ...]

    @property
    def raw(self) -> RawTable:
        """The table as it is landed."""
        return RawTable(self.name, texts(*(column.name for column in self.columns)))

    @property
    def key(self) -> str:
        """The name of the key column."""
        return self.columns[0].name

    @property
    def returned(self) -> tuple[Column, ...]:
        """What the query returns: the landed columns and the one that pages go by."""
        return (*self.columns, Column(CHANGED_AT, "moment", is_required=True))


def _table(
    name: str, group: str, columns: Mapping[str, Kind], *, never_blank: Set[str]
) -> QueriedTable:
    return QueriedTable(
        name,
        group,
        tuple(Column(column, kind, column in never_blank) for column, kind in columns.items()),
    )


ORDERS = _table(
    "orders",
    "orders",
    {
        "order_id": "id",
        "order_number": "text",
        "customer_id": "id",
        "ordered_at": "moment",
        "updated_at": "moment",
        "delivered_at": "moment",
        "cancelled_at": "moment",
        "status": "text",
        "is_test": "flag",
        "currency": "text",
        "items_amount": "whole",
        "discount_amount": "whole",
        "shipping_amount": "whole",
        "tax_amount": "whole",
        "total_amount": "whole",
    },
    never_blank={"order_id", "ordered_at", "updated_at"},
)
ORDER_ITEMS = _table(
    "order_items",
    "orders",
    {
        "order_item_id": "id",
        "order_id": "id",
        "product_id": "id",
        "sku": "text",
        "product_name": "text",
        "quantity": "whole",
        "cancelled_quantity": "whole",
        "unit_amount": "whole",
        "discount_amount": "whole",
        "line_amount": "whole",
        "currency": "text",
        "status": "text",
        "is_gift_card": "flag",
        "updated_at": "moment",
    },
    never_blank={"order_item_id", "order_id", "quantity", "updated_at"},
)
REFUNDS = _table(
    "refunds",
    "orders",
    {
        "refund_id": "id",
        "order_id": "id",
        "customer_id": "id",
        "requested_at": "moment",
        "refunded_at": "moment",
        "updated_at": "moment",
        "status": "text",
        "refund_type": "text",
        "currency": "text",
        "amount": "whole",
        "shipping_amount": "whole",
        "reason": "text",
        "note": "text",
    },
    never_blank={"refund_id", "order_id", "updated_at"},
)
REFUND_ITEMS = _table(
    "refund_items",
    "orders",
    {
        "refund_item_id": "id",
        "refund_id": "id",
        "order_id": "id",
        "order_item_id": "id",
        "quantity": "whole",
        "amount": "whole",
        "is_received": "flag",
        "received_at": "moment",
        "reason": "text",
        "updated_at": "moment",
    },
    never_blank={"refund_item_id", "refund_id", "order_id", "updated_at"},
)
CUSTOMERS = _table(
    "customers",
    "customers",
    {
        "customer_id": "id",
        "full_name": "text",
        "email": "text",
        "phone": "text",
        "country": "text",
        "created_at": "moment",
        "updated_at": "moment",
    },
    never_blank={"customer_id", "updated_at"},
)
PRODUCTS = _table(
    "products",
    "products",
    {
        "product_id": "id",
        "sku": "text",
        "product_name": "text",
        "category": "text",
        "brand": "text",
        "updated_at": "moment",
    },
    never_blank={"product_id", "updated_at"},
)

# Read in this order: the parent last, so that an order which changes in between is not landed.
QUERIED_TABLES = (REFUND_ITEMS, REFUNDS, ORDER_ITEMS, ORDERS, CUSTOMERS, PRODUCTS)
TABLES = tuple(table.raw for table in QUERIED_TABLES)
