"""Words orders and customers the way the REST Admin API does, from what GraphQL shows of them."""

from decimal import Decimal

from demo.shopify.api.rest_values import (
    amount_of,
    local_time,
    money_set,
    negative,
    number_of,
    shop_amount,
)
from demo.shopify.shop.values import Record


def rest_order(order: Record) -> Record:
    """Return an order with its lines, fulfilments and refunds. Returns do not exist in REST."""
    zero = _zero(order["totalPriceSet"])
    return {
        "id": number_of(order["id"]),
        "admin_graphql_api_id": order["id"],
        "app_id": None,
        "cancel_reason": _lower(order["cancelReason"]),
        "cancelled_at": local_time(order["cancelledAt"]),
        "closed_at": local_time(order["closedAt"]),
        "confirmed": order["confirmed"],
        "contact_email": order["email"],
        "created_at": local_time(order["createdAt"]),
        "currency": order["currencyCode"],
        **_totals("current_subtotal_price", order["currentSubtotalPriceSet"]),
        **_totals("current_total_discounts", order["currentTotalDiscountsSet"]),
        **_totals("current_total_price", order["currentTotalPriceSet"]),
        **_totals("current_total_tax", order["currentTotalTaxSet"]),
        "discount_codes": [],
        "email": order["email"],
        "financial_status": _lower(order["displayFinancialStatus"]),
        "fulfillment_status": _FULFILLMENT[order["displayFulfillmentStatus"]],
        "name": order["name"],
        "note": order["note"],
        "note_attributes": [],
        "number": order["number"] - 1_000,
        "order_number": order["number"],
        "payment_gateway_names": order["paymentGatewayNames"],
        "phone": order["phone"],
        "presentment_currency": order["presentmentCurrencyCode"],
        "processed_at": local_time(order["processedAt"]),
        "source_name": order["sourceName"],
        **_totals("subtotal_price", order["subtotalPriceSet"]),
        "tags": ", ".join(order["tags"]),
        "tax_lines": [],
        "taxes_included": order["taxesIncluded"],
        "test": order["test"],
        **_totals("total_discounts", order["totalDiscountsSet"]),
        **_totals("total_line_items_price", _line_items_price(order)),
        "total_outstanding": shop_amount(order["totalOutstandingSet"]),
        **_totals("total_price", order["totalPriceSet"]),
        "total_shipping_price_set": money_set(order["totalShippingPriceSet"]),
        **_totals("total_tax", order["totalTaxSet"]),
        "total_tip_received": "0.00",
        "updated_at": local_time(order["updatedAt"]),
        "user_id": None,
        "customer": None if order["customer"] is None else rest_customer(order["customer"]),
        "discount_applications": [],
        "fulfillments": [_fulfillment(order, one) for one in order["fulfillments"]],
        "line_items": [_line_item(one) for one in order["lineItems"]],
        "payment_terms": None,
        "refunds": [rest_refund(order, one, zero) for one in order["refunds"]],
        "shipping_address": _address(order["shippingAddress"]),
        "shipping_lines": [_shipping_line(one) for one in order["shippingLines"]],
    }


_FULFILLMENT = {
    "UNFULFILLED": None,
    "FULFILLED": "fulfilled",
    "PARTIALLY_FULFILLED": "partial",
}


def rest_customer(customer: Record) -> Record:
    """Return a customer without what only the customers' endpoint tells."""
    address = customer["defaultAddress"]
    return {
        "id": number_of(customer["id"]),
        "email": customer["email"],
        "created_at": local_time(customer["createdAt"]),
        "updated_at": local_time(customer["updatedAt"]),
        "first_name": customer["firstName"],
        "last_name": customer["lastName"],
        "state": customer["state"].lower(),
        "note": customer["note"],
        "verified_email": customer["verifiedEmail"],
        "phone": customer["phone"],
        "tags": ", ".join(customer["tags"]),
        "currency": customer["amountSpent"]["currencyCode"],
        "admin_graphql_api_id": customer["id"],
        "default_address": {
            "id": number_of(address["id"]),
            "customer_id": number_of(customer["id"]),
            "address1": address["address1"],
            "city": address["city"],
            "country": address["country"],
            "country_code": address["countryCodeV2"],
            "country_name": address["country"],
            "zip": None,
            "phone": None,
            "default": True,
        },
    }


def rest_customer_in_full(customer: Record) -> Record:
    """Return a customer as the customers' endpoint lists it."""
    return {
        **rest_customer(customer),
        "orders_count": int(customer["numberOfOrders"]),
        "total_spent": amount_of(customer["amountSpent"]),
    }


def rest_refund(
    order: Record, refund: Record, zero: Record, *, in_shop_currency: bool = False
) -> Record:
    """Return a refund. Its shipping is an adjustment of kind shipping_refund, and negative."""
    adjustments = [
        _adjustment(order, refund, one, "refund_discrepancy", one["amountSet"])
        for one in refund["orderAdjustments"]
    ]
    for one in refund["refundShippingLines"]:
        back = {name: negative(money) for name, money in one["subtotalAmountSet"].items()}
        adjustments.append(_adjustment(order, refund, one, "shipping_refund", back))
    return {
        "id": number_of(refund["id"]),
        "admin_graphql_api_id": refund["id"],
        "created_at": local_time(refund["createdAt"]),
        "note": refund["note"],
        "order_id": number_of(order["id"]),
        "processed_at": local_time(refund["processedAt"]),
        "restock": any(one["restocked"] for one in refund["refundLineItems"]),
        "total_duties_set": money_set(zero),
        "user_id": None,
        "order_adjustments": adjustments,
        "transactions": [
            rest_transaction(order, one, in_shop_currency=in_shop_currency)
            for one in refund["transactions"]
        ],
        "refund_line_items": [_refund_line(one) for one in refund["refundLineItems"]],
        "duties": [],
    }


def rest_refund_in_full(
    order: Record, refund: Record, zero: Record, *, in_shop_currency: bool
) -> Record:
    """Return a refund as the refunds' endpoint lists it: with its shipping and its return."""
    returned = refund["return"]
    return {
        **rest_refund(order, refund, zero, in_shop_currency=in_shop_currency),
        "return": returned and {"id": number_of(returned["id"])},
        "refund_shipping_lines": [
            {
                "id": number_of(one["id"]),
                "shipping_line_id": number_of(one["shippingLine"]["id"]),
                "subtotal_amount_set": money_set(one["subtotalAmountSet"]),
            }
            for one in refund["refundShippingLines"]
        ],
    }


def _adjustment(order: Record, refund: Record, one: Record, kind: str, bag: Record) -> Record:
    is_shipping = kind == "shipping_refund"
    tax = one["taxAmountSet"]
    return {
        "id": number_of(one["id"]),
        "order_id": number_of(order["id"]),
        "refund_id": number_of(refund["id"]),
        "amount": amount_of(bag["shopMoney"]),
        "amount_set": money_set(bag),
        "tax_amount": shop_amount(tax),
        "tax_amount_set": money_set(tax),
        "kind": kind,
        "reason": "Shipping refund" if is_shipping else _sentence(one["reason"]),
    }


def _sentence(reason: str) -> str:
    return reason.replace("_", " ").capitalize()


def rest_transaction(order: Record, one: Record, *, in_shop_currency: bool = False) -> Record:
    """Return a transaction: in the customer's currency, unless the shop's is asked for."""
    money = one["amountSet"]["shopMoney" if in_shop_currency else "presentmentMoney"]
    parent = one["parentTransaction"]
    return {
        "id": number_of(one["id"]),
        "admin_graphql_api_id": one["id"],
        "amount": amount_of(money),
        "authorization": None,
        "created_at": local_time(one["createdAt"]),
        "currency": money["currencyCode"],
        "device_id": None,
        "error_code": _lower(one["errorCode"]),
        "gateway": one["gateway"],
        "kind": one["kind"].lower(),
        "location_id": None,
        "message": None,
        "order_id": number_of(order["id"]),
        "parent_id": None if parent is None else number_of(parent["id"]),
        "processed_at": local_time(one["processedAt"]),
        "receipt": {},
        "source_name": "web",
        "status": one["status"].lower(),
        "test": one["test"],
        "user_id": None,
    }


def _refund_line(one: Record) -> Record:
    # These two alone are numbers: every other amount is a text.
    return {
        "id": number_of(one["id"]),
        "line_item_id": number_of(one["lineItem"]["id"]),
        "location_id": None,
        "quantity": one["quantity"],
        "restock_type": one["restockType"].lower(),
        "subtotal": float(one["subtotalSet"]["shopMoney"]["amount"]),
        "subtotal_set": money_set(one["subtotalSet"]),
        "total_tax": float(one["totalTaxSet"]["shopMoney"]["amount"]),
        "total_tax_set": money_set(one["totalTaxSet"]),
        "line_item": _line_item(one["lineItem"]),
    }


def _line_item(line: Record) -> Record:
    product, variant = line["product"], line["variant"]
    return {
        "id": number_of(line["id"]),
        "admin_graphql_api_id": line["id"],
        "current_quantity": line["currentQuantity"],
        "fulfillable_quantity": line["unfulfilledQuantity"],
        "fulfillment_service": "manual",
        "fulfillment_status": None if line["unfulfilledQuantity"] else "fulfilled",
        "gift_card": line["isGiftCard"],
        "grams": 0,
        "name": line["name"],
        "price": shop_amount(line["originalUnitPriceSet"]),
        "price_set": money_set(line["originalUnitPriceSet"]),
        "product_exists": product is not None,
        "product_id": None if product is None else number_of(product["id"]),
        "properties": [],
        "quantity": line["quantity"],
        "requires_shipping": line["requiresShipping"],
        "sku": line["sku"],
        "taxable": line["taxable"],
        "title": line["title"],
        # Of the line alone; what a code or the cart gave is in the allocations.
        "total_discount": "0.00",
        "total_discount_set": money_set(_zero(line["originalUnitPriceSet"])),
        "variant_id": None if variant is None else number_of(variant["id"]),
        "variant_inventory_management": "shopify",
        "variant_title": line["variantTitle"],
        "vendor": line["vendor"],
        "tax_lines": [
            {
                "price": shop_amount(one["priceSet"]),
                "price_set": money_set(one["priceSet"]),
                "rate": one["rate"],
                "title": one["title"],
            }
            for one in line["taxLines"]
        ],
        "duties": [],
        "discount_allocations": [
            {
                "amount": shop_amount(one["allocatedAmountSet"]),
                "amount_set": money_set(one["allocatedAmountSet"]),
                "discount_application_index": 0,
            }
            for one in line["discountAllocations"]
        ],
    }


def _fulfillment(order: Record, one: Record) -> Record:
    numbers = one["trackingInfo"]
    return {
        "id": number_of(one["id"]),
        "admin_graphql_api_id": one["id"],
        "created_at": local_time(one["createdAt"]),
        "location_id": None,
        "name": one["name"],
        "order_id": number_of(order["id"]),
        "service": "manual",
        "shipment_status": _SHIPMENT.get(one["displayStatus"]),
        "status": one["status"].lower(),
        "tracking_company": numbers[0]["company"],
        "tracking_number": numbers[0]["number"],
        "tracking_numbers": [track["number"] for track in numbers],
        "tracking_url": numbers[0]["url"],
        "tracking_urls": [track["url"] for track in numbers],
        "updated_at": local_time(one["updatedAt"]),
        "line_items": [
            {**_line_item(held["lineItem"]), "quantity": held["quantity"]}
            for held in one["fulfillmentLineItems"]
        ],
    }


_SHIPMENT = {"DELIVERED": "delivered", "IN_TRANSIT": "in_transit", "NOT_DELIVERED": "failure"}


def rest_fulfillment_events(order: Record, one: Record) -> list[Record]:
    """Return what happened to a parcel: here alone REST tells when it was delivered."""
    steps = (("in_transit", one["inTransitAt"]), ("delivered", one["deliveredAt"]))
    return [
        {
            "id": number_of(one["id"]) * 10 + place,
            "fulfillment_id": number_of(one["id"]),
            "order_id": number_of(order["id"]),
            "status": status,
            "message": None,
            "happened_at": local_time(at),
            "created_at": local_time(at),
            "updated_at": local_time(at),
        }
        for place, (status, at) in enumerate(steps)
        if at is not None
    ]


def _shipping_line(one: Record) -> Record:
    return {
        "id": number_of(one["id"]),
        "code": one["code"],
        **_totals("discounted_price", one["discountedPriceSet"]),
        "is_removed": one["isRemoved"],
        **_totals("price", one["originalPriceSet"]),
        "source": one["source"],
        "title": one["title"],
        "tax_lines": [],
        "discount_allocations": [],
    }


def _address(address: Record | None) -> Record | None:
    if address is None:
        return None
    return {
        "name": None,
        "address1": address["address1"],
        "city": address["city"],
        "zip": None,
        "country": address["country"],
        "country_code": address["countryCodeV2"],
        "phone": None,
    }


def _line_items_price(order: Record) -> Record:
    subtotal, discounts = order["subtotalPriceSet"], order["totalDiscountsSet"]
    return {
        name: {
            "amount": _plus(subtotal[name]["amount"], discounts[name]["amount"]),
            "currencyCode": subtotal[name]["currencyCode"],
        }
        for name in subtotal
    }


def _plus(left: str, right: str) -> str:
    return f"{Decimal(left) + Decimal(right):.2f}"


def _zero(bag: Record) -> Record:
    return {name: {**money, "amount": "0.0"} for name, money in bag.items()}


def _totals(name: str, bag: Record) -> Record:
    return {name: shop_amount(bag), f"{name}_set": money_set(bag)}


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()
