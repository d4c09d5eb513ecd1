"""The five raw tables of source `marketplace`."""

from extract.tables import FLAG, MOMENT, RUN_COLUMNS, TEXT, WHOLE, RawTable, texts

SOURCE_NAME = "marketplace"

_CONTACT = texts("buyer_id", "buyer_name", "buyer_email", "buyer_phone")

ORDER_LINES = RawTable(
    "order_lines",
    (
        *texts("sub_channel", "layout", "row_unit", "order_id", "order_line_id", "order_name"),
        *texts("ordered_at", "updated_at", "shipped_at", "delivered_at", "cancelled_at"),
        *texts("order_status", "item_status", "fulfilment_channel"),
        *texts("sku", "product_id", "product_name", "category", "brand"),
        *texts("quantity", "unit_price", "line_amount", "discount_amount", "currency"),
        *_CONTACT,
        *texts("ship_country"),
    ),
)

RETURN_LINES = RawTable(
    "return_lines",
    (
        *texts("sub_channel", "layout"),
        ("implies_refund", FLAG),
        *texts("return_id", "return_line_id", "order_id", "order_line_id"),
        *texts("sku", "product_id", "product_name", "quantity", "refunded_quantity"),
        *texts("refund_amount", "unit_refund_amount", "shipping_refund_amount", "currency"),
        *texts("requested_at", "received_at", "refunded_at"),
        *texts("return_status", "return_type", "resolution", "keeps_item"),
        *texts("reason", "reason_note"),
        *_CONTACT,
    ),
)

LEDGER_LINES = RawTable(
    "ledger_lines",
    (
        *texts("sub_channel", "layout", "entry_kind", "document_id", "cancels_document_id"),
        *texts("occurred_at", "sku", "product_name", "category"),
        *texts("quantity", "unit_price", "line_amount", "currency", "reason"),
        *_CONTACT,
        *texts("ship_country"),
    ),
)

FILES = RawTable(
    "files",
    (
        *texts("sub_channel", "file_sha256"),
        ("file_bytes", WHOLE),
        ("file_modified_at", MOMENT),
        *texts(
            "container", "encoding", "layout", "table_name", "replaces", "window_field", "status"
        ),
        ("rows_in", WHOLE),
        ("rows_landed", WHOLE),
        ("rows_rejected", WHOLE),
        ("blank_lines", WHOLE),
        ("repeated_headers", WHOLE),
        *texts("first_day", "last_day"),
    ),
    metadata=(*RUN_COLUMNS, ("_source_file", TEXT)),
)

REJECTS = RawTable(
    "rejects",
    texts("sub_channel", "layout", "reason_code", "field", "raw_text"),
)

LINE_TABLES = {table.name: table for table in (ORDER_LINES, RETURN_LINES, LEDGER_LINES)}
TABLES = (ORDER_LINES, RETURN_LINES, LEDGER_LINES, FILES, REJECTS)

# Columns that the reader fills from the layout itself; a map can't name a header for them.
SET_BY_LAYOUT = ("sub_channel", "layout", "row_unit", "implies_refund", "entry_kind")

NUMBER_FIELDS = frozenset(
    {
        "quantity",
        "unit_price",
        "line_amount",
        "discount_amount",
        "refunded_quantity",
        "refund_amount",
        "unit_refund_amount",
        "shipping_refund_amount",
    }
)
# Counts of things: whole, and below zero in ledgers only.
QUANTITY_FIELDS = frozenset({"quantity", "refunded_quantity"})
MOMENT_FIELDS = frozenset(
    name for table in LINE_TABLES.values() for name in table.column_names if name.endswith("_at")
)
