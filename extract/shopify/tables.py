"""The raw tables of source `shopify`, the same for GraphQL pages, bulk operations and REST.

Everything is text, as sent: money, moments (UTC from GraphQL, local with offset from REST) and
booleans as `true` / `false`. Ids are the trailing number of a gid. `store` is the handle of the
shop (`hewyn` of hewyn.myshopify.com). `*_shop_amount` is in the shop's currency (`currency`),
`*_presentment_amount` in the one the customer saw (`presentment_currency`).
"""

from extract.tables import RawTable, texts

SOURCE_NAME = "shopify"

# One row a run: what answered, and how far back it let us look.
SHOPS = RawTable(
    "shops",
    texts(
        "store",
        "shop_id",
        "shop_name",
        "currency",
        "time_zone",
        "plan",
        "api",
        "api_version",
        "scopes",
        "oldest_order_at",
    ),
)

ORDERS = RawTable(
    "orders",
    texts(
        "store",
        "order_id",
        "order_name",
        "created_at",
        "processed_at",
        "updated_at",
        "closed_at",
        "cancelled_at",
        "cancel_reason",
        "is_test",
        "is_edited",
        "source_name",
        "financial_status",
        "fulfillment_status",
        "return_status",
        "currency",
        "presentment_currency",
        "taxes_included",
        "customer_id",
        "email",
        "phone",
        "total_shop_amount",
        "total_presentment_amount",
        "current_total_shop_amount",
        "total_received_shop_amount",
        "total_refunded_shop_amount",
        "total_shipping_shop_amount",
        "total_tax_shop_amount",
        "total_discounts_shop_amount",
    ),
)

# `quantity` is what was sold, refunded and removed units included; `current_quantity` is net.
ORDER_LINES = RawTable(
    "order_lines",
    texts(
        "store",
        "order_id",
        "order_line_id",
        "position",
        "title",
        "variant_title",
        "sku",
        "product_id",
        "variant_id",
        "vendor",
        "product_type",
        "quantity",
        "current_quantity",
        "is_gift_card",
        "requires_shipping",
        "currency",
        "presentment_currency",
        "unit_price_shop_amount",
        "unit_price_presentment_amount",
        "line_shop_amount",
        "line_presentment_amount",
        "discounted_unit_shop_amount",
        "discounted_unit_presentment_amount",
        "discount_shop_amount",
        "discount_presentment_amount",
        "tax_shop_amount",
    ),
)

FULFILLMENTS = RawTable(
    "fulfillments",
    texts(
        "store",
        "order_id",
        "fulfillment_id",
        "name",
        "status",
        "display_status",
        "created_at",
        "updated_at",
        "in_transit_at",
        "delivered_at",
        "total_quantity",
    ),
)

REFUNDS = RawTable(
    "refunds",
    texts(
        "store",
        "order_id",
        "refund_id",
        "return_id",
        "created_at",
        "processed_at",
        "updated_at",
        "note",
        "total_refunded_shop_amount",
        "total_refunded_presentment_amount",
        "currency",
        "presentment_currency",
    ),
)

# `refund_line_id` is not the id of the order line; `order_line_id` is.
REFUND_LINES = RawTable(
    "refund_lines",
    texts(
        "store",
        "order_id",
        "refund_id",
        "refund_line_id",
        "order_line_id",
        "quantity",
        "restock_type",
        "is_restocked",
        "currency",
        "presentment_currency",
        "subtotal_shop_amount",
        "subtotal_presentment_amount",
        "tax_shop_amount",
        "tax_presentment_amount",
    ),
)

REFUND_SHIPPING_LINES = RawTable(
    "refund_shipping_lines",
    texts(
        "store",
        "order_id",
        "refund_id",
        "refund_shipping_line_id",
        "subtotal_shop_amount",
        "subtotal_presentment_amount",
        "tax_shop_amount",
        "tax_presentment_amount",
        "currency",
        "presentment_currency",
    ),
)

# `kind` (shipping_refund, refund_discrepancy) is REST's; GraphQL has shipping in its own list.
ORDER_ADJUSTMENTS = RawTable(
    "order_adjustments",
    texts(
        "store",
        "order_id",
        "refund_id",
        "adjustment_id",
        "kind",
        "reason",
        "amount_shop_amount",
        "amount_presentment_amount",
        "tax_shop_amount",
        "tax_presentment_amount",
        "currency",
        "presentment_currency",
    ),
)

TRANSACTIONS = RawTable(
    "transactions",
    texts(
        "store",
        "order_id",
        "refund_id",
        "transaction_id",
        "parent_transaction_id",
        "kind",
        "status",
        "gateway",
        "is_test",
        "created_at",
        "processed_at",
        "error_code",
        "amount_shop_amount",
        "amount_presentment_amount",
        "currency",
        "presentment_currency",
    ),
)

RETURNS = RawTable(
    "returns",
    texts(
        "store",
        "order_id",
        "return_id",
        "return_name",
        "status",
        "created_at",
        "request_approved_at",
        "closed_at",
        "decline_reason",
        "decline_note",
        "total_quantity",
    ),
)

# `line_type` is ReturnLineItem or UnverifiedReturnLineItem; the latter has no order line.
RETURN_LINES = RawTable(
    "return_lines",
    texts(
        "store",
        "order_id",
        "return_id",
        "return_line_id",
        "line_type",
        "order_line_id",
        "fulfillment_line_id",
        "quantity",
        "processed_quantity",
        "refunded_quantity",
        "refundable_quantity",
        "return_reason",
        "reason_handle",
        "reason_name",
        "reason_note",
        "customer_note",
    ),
)

# `order_line_ids` is a JSON array of the lines that the exchange added to the order.
EXCHANGE_LINES = RawTable(
    "exchange_lines",
    texts("store", "order_id", "return_id", "exchange_line_id", "quantity", "order_line_ids"),
)

CUSTOMERS = RawTable(
    "customers",
    texts(
        "store",
        "customer_id",
        "created_at",
        "updated_at",
        "state",
        "display_name",
        "first_name",
        "last_name",
        "email",
        "phone",
        "orders_count",
        "amount_spent",
        "amount_spent_currency",
        "tags",
        "country",
        "address1",
        "city",
        "zip",
    ),
)

RETURN_REASONS = RawTable(
    "return_reasons", texts("store", "reason_id", "handle", "name", "is_deleted")
)

TABLES = (
    SHOPS,
    ORDERS,
    ORDER_LINES,
    FULFILLMENTS,
    REFUNDS,
    REFUND_LINES,
    REFUND_SHIPPING_LINES,
    ORDER_ADJUSTMENTS,
    TRANSACTIONS,
    RETURNS,
    RETURN_LINES,
    EXCHANGE_LINES,
    CUSTOMERS,
    RETURN_REASONS,
)
