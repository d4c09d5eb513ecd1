"""Header lines of the reports, as public documentation and public repositories show them."""

import hashlib

_AMAZON_START = (
    "amazon-order-id",
    "merchant-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "order-channel",
)
_AMAZON_MONEY = (
    "quantity",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "shipping-tax",
    "gift-wrap-price",
    "gift-wrap-tax",
    "item-promotion-discount",
    "ship-promotion-discount",
)
_AMAZON_PRODUCT = ("ship-service-level", "product-name", "sku", "asin")
_AMAZON_PLACE = ("ship-city", "ship-state", "ship-postal-code", "ship-country", "promotion-ids")
_AMAZON_BUSINESS = ("is-business-order", "purchase-order-number", "price-designation")

AMAZON_29 = (
    *_AMAZON_START,
    "url",
    *_AMAZON_PRODUCT,
    "item-status",
    *_AMAZON_MONEY,
    *_AMAZON_PLACE,
)
AMAZON_31 = (
    *_AMAZON_START,
    *_AMAZON_PRODUCT,
    "item-status",
    *_AMAZON_MONEY,
    *_AMAZON_PLACE,
    *_AMAZON_BUSINESS,
)
AMAZON_32 = (*AMAZON_29, *_AMAZON_BUSINESS)
AMAZON_33 = (*AMAZON_32, "is-iba")
AMAZON_35 = (
    *_AMAZON_START,
    *_AMAZON_PRODUCT,
    "number-of-items",
    "item-status",
    "tax-collection-model",
    "tax-collection-responsible-party",
    *_AMAZON_MONEY,
    "address-type",
    *_AMAZON_PLACE,
    *_AMAZON_BUSINESS,
)

AMAZON_SELLER_RETURNS = (
    "Order ID",
    "Order date",
    "Return request date",
    "Return request status",
    "Amazon RMA ID",
    "Merchant RMA ID",
    "Label type",
    "Label cost",
    "Currency code",
    "Return carrier",
    "Tracking ID",
    "Label to be paid by",
    "A-to-Z Claim",
    "Is prime",
    "ASIN",
    "Merchant SKU",
    "Item Name",
    "Return quantity",
    "Return Reason",
    "In policy",
    "Return type",
    "Resolution",
    "Invoice number",
    "Return delivery date",
    "Order Amount",
    "Order quantity",
    "SafeT Action reason",
    "SafeT claim id",
    "SafeT claim state",
    "SafeT claim creation time",
    "SafeT claim reimbursement amount",
    "Refunded Amount",
)
AMAZON_FBA_RETURNS = (
    "return-date",
    "order-id",
    "sku",
    "asin",
    "fnsku",
    "product-name",
    "quantity",
    "fulfillment-center-id",
    "detailed-disposition",
    "reason",
    "status",
    "license-plate-number",
    "customer-comments",
)

NOON_SALES_18 = (
    "id_partner",
    "src_country",
    "country_code",
    "dest_country",
    "bayan_nr",
    "item_nr",
    "partner_sku",
    "sku",
    "status",
    "offer_price",
    "gmv_lcy",
    "currency_code",
    "brand_code",
    "family",
    "fulfillment_model",
    "order_timestamp",
    "shipment_timestamp",
    "delivered_timestamp",
)
NOON_SALES_16 = tuple(name for name in NOON_SALES_18 if name not in ("src_country", "bayan_nr"))
GENERIC_RETURNS = (
    "return_id",
    "return_line_id",
    "order_id",
    "sku",
    "product_name",
    "quantity",
    "refunded_quantity",
    "refund_amount",
    "shipping_refund_amount",
    "currency",
    "requested_at",
    "received_at",
    "refunded_at",
    "return_status",
    "return_type",
    "reason",
)

ONBUY_ORDERS = (
    "order_id",
    "onbuy_internal_reference",
    "date",
    "updated_at",
    "cancelled_at",
    "shipped_at",
    "status",
    "site_id",
    "site_name",
    "price_subtotal",
    "price_delivery",
    "price_total",
    "price_discount",
    "currency_code",
    "delivery_service",
    "buyer.name",
    "buyer.email",
    "products.onbuy_internal_reference",
    "products.name",
    "products.sku",
    "products.unit_price",
    "products.quantity",
)
_ONBUY_REFUND_START = ("refund_id", "order_id", "site_id")
_ONBUY_REFUND_END = (
    "delivery",
    "seller_note",
    "items.onbuy_internal_reference",
    "items.sku",
    "items.quantity",
    "items.amount",
    "currency_code",
    "requested_at",
    "refunded_at",
    "status",
)
ONBUY_REFUNDS_BY_ID = (
    *_ONBUY_REFUND_START,
    "order_refund_reason_id",
    "customer_note",
    *_ONBUY_REFUND_END,
)
ONBUY_REFUNDS_BY_TEXT = (*_ONBUY_REFUND_START, "refund_reason", *_ONBUY_REFUND_END)

WALMART_ORDERS = (
    "purchaseOrderId",
    "customerOrderId",
    "customerId",
    "customerEmailId",
    "orderDate",
    "shippingInfo.postalAddress.name",
    "shippingInfo.postalAddress.country",
    "shippingInfo.methodCode",
    "orderLines.lineNumber",
    "item.sku",
    "item.productName",
    "orderLineQuantity.amount",
    "charges.chargeType",
    "charges.chargeAmount.amount",
    "charges.chargeAmount.currency",
    "orderLineStatuses.status",
    "statusDate",
    "actualDeliveryDate",
)
WALMART_RETURNS = (
    "returnOrderId",
    "returnType",
    "customerOrderId",
    "customerId",
    "customerEmailId",
    "returnOrderDate",
    "totalRefundAmount.currencyAmount",
    "totalRefundAmount.currencyUnit",
    "returnOrderLineNumber",
    "purchaseOrderId",
    "purchaseOrderLineNumber",
    "item.sku",
    "item.productName",
    "returnReason",
    "quantity.measurementValue",
    "refundedQty",
    "charges.chargePerUnit",
    "chargeTotals.lineTotal",
    "unitPrice.currencyUnit",
    "isKeepIt",
    "refundChannel",
    "status",
    "receivedDate",
    "refundDate",
)


def shuffled(header: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns in another order, always the same one."""
    return tuple(
        sorted(
            header, key=lambda name: hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        )
    )
