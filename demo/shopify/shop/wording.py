"""Words a draft as the GraphQL objects of an order; they point at each other like the API's do."""

from datetime import datetime, timedelta

from demo.company import AS_OF
from demo.shopify.shop.drafts import ACCOUNTS_OF_ONE, Draft, Line, Parcel
from demo.shopify.shop.refunds import money_back, refund_of, sale_of
from demo.shopify.shop.returns import return_of, return_status
from demo.shopify.shop.values import PURSES, Purse, Record, child_number, gid, moment, own_number

LOCATION: Record = {
    "__typename": "Location",
    "id": gid("Location", 90210001),
    "legacyResourceId": "90210001",
    "name": "Warehouse",
}


def updated_at(draft: Draft) -> datetime:
    """Return when the order itself last changed. Returns are not among what moves it."""
    moments = [draft.ordered_at, draft.cancelled_at, draft.closed_at]
    moments += [draft.edited_at, draft.touched_at]
    moments += [at for one in draft.parcels for at in (one.shipped_at, one.delivered_at)]
    moments += [one.at for one in draft.paybacks]
    return max(at for at in moments if at is not None)


def word(draft: Draft, name: str, customer: Record | None) -> Record:
    """Return the order with everything on it; `name` is as staff see it, like #1001."""
    purse = PURSES[draft.currency]
    bag = purse.bag
    order_gid = gid("Order", draft.order_id)
    lines = [_line(draft, place, line, purse) for place, line in enumerate(draft.lines)]
    net = sum(line.net for line in draft.lines)
    tax = sum(line.tax for line in draft.lines)
    total = net + tax + draft.shipping
    email = None
    if draft.customer is not None and draft.has_email:
        email = email_of(draft.customer)
    order: Record = {
        "__typename": "Order",
        "id": order_gid,
        "legacyResourceId": str(draft.order_id),
        "name": name,
        "number": int(name.removeprefix("#")),
        "createdAt": moment(draft.ordered_at),
        "processedAt": moment(draft.ordered_at),
        "updatedAt": moment(updated_at(draft)),
        "closed": draft.closed_at is not None,
        "closedAt": moment(draft.closed_at),
        "cancelledAt": moment(draft.cancelled_at),
        "cancelReason": draft.cancel_reason,
        "confirmed": True,
        "test": draft.is_test,
        "edited": draft.edited_at is not None,
        "sourceName": draft.source,
        "note": None,
        "email": email,
        "phone": None,
        "tags": list(draft.tags),
        "customer": customer,
        "currencyCode": "AED",
        "presentmentCurrencyCode": draft.currency,
        "taxesIncluded": False,
        "paymentGatewayNames": ["bogus" if draft.is_test else "shopify_payments"],
        "subtotalLineItemsQuantity": sum(line.quantity for line in draft.lines),
        "shippingAddress": _address(draft),
        "lineItems": lines,
        "totalPriceSet": bag(total),
        "originalTotalPriceSet": bag(_original_total(draft)),
        "subtotalPriceSet": bag(net),
        "totalShippingPriceSet": bag(draft.shipping),
        "totalTaxSet": bag(tax),
        "totalDiscountsSet": bag(sum(line.discount for line in draft.lines)),
        "returnStatus": return_status(draft),
    }
    shipping_lines = _shipping_lines(draft, purse)
    order["shippingLines"] = shipping_lines
    order["shippingLine"] = shipping_lines[0] if shipping_lines else None
    order["fulfillments"] = _fulfillments(draft, order, lines, purse)
    order["transactions"] = sale_of(draft, order, total, purse)
    order["refunds"] = [
        refund_of(draft, place, order, lines, purse) for place in range(len(draft.paybacks))
    ]
    order["returns"] = [
        return_of(draft, place, order, lines, purse) for place in range(len(draft.returns))
    ]
    order["displayFulfillmentStatus"] = _fulfillment_status(draft)
    _sum_up(draft, order, total, purse)
    return order


def email_of(customer: int) -> str:
    """Return the made-up address of a customer of the shop; example.com is reserved."""
    return ACCOUNTS_OF_ONE.get(customer, f"hewyn.{customer:05d}@example.com")


def units_gone(draft: Draft, place: int) -> int:
    """Return the units of a line that refunds and edits have taken off the order."""
    return draft.lines[place].removed + sum(
        units for one in draft.paybacks for at, units, _ in one.lines if at == place
    )


def _line(draft: Draft, place: int, line: Line, purse: Purse) -> Record:
    bag = purse.bag
    number = child_number("LineItem", draft.digits, place + 1)
    gone = units_gone(draft, place)
    sent = sum(parcel.lines.get(place, 0) for parcel in draft.parcels)
    title, _, variant = line.title.partition(" - ")
    return {
        "__typename": "LineItem",
        "id": gid("LineItem", number),
        "name": line.title,
        "title": title,
        "variantTitle": variant or None,
        "sku": line.sku,
        "vendor": line.vendor or None,
        "quantity": line.quantity,
        "currentQuantity": max(line.quantity - gone, 0),
        "refundableQuantity": max(line.quantity - gone, 0),
        "unfulfilledQuantity": max(line.quantity - max(gone, sent), 0),
        "isGiftCard": line.is_gift_card,
        "requiresShipping": not line.is_gift_card,
        "taxable": line.tax > 0,
        "originalUnitPriceSet": bag(line.unit),
        "originalTotalSet": bag(line.unit * line.quantity),
        "discountedTotalSet": bag(line.net),
        "totalDiscountSet": bag(line.discount),
        "discountedUnitPriceSet": bag(_per_unit(line)),
        "discountedUnitPriceAfterAllDiscountsSet": bag(_per_unit(line)),
        "discountAllocations": (
            [{"__typename": "DiscountAllocation", "allocatedAmountSet": bag(line.discount)}]
            if line.discount
            else []
        ),
        "taxLines": (
            [
                {
                    "__typename": "TaxLine",
                    "title": "VAT",
                    "rate": 0.05,
                    "ratePercentage": 5.0,
                    "priceSet": bag(line.tax),
                }
            ]
            if line.tax
            else []
        ),
        "product": None if line.product < 0 else _product(line, title),
        "variant": None if line.product < 0 else _variant(line, variant),
    }


def _per_unit(line: Line) -> int:
    return line.net // line.quantity if line.quantity else line.unit


_PRODUCTS: dict[tuple[int, str], Record] = {}


def _product(line: Line, title: str) -> Record:
    key = (line.product, title)
    if key not in _PRODUCTS:
        number = own_number("Product", line.product)
        _PRODUCTS[key] = {
            "__typename": "Product",
            "id": gid("Product", number),
            "legacyResourceId": str(number),
            "title": title,
            "vendor": line.vendor,
            "productType": line.product_type,
        }
    return _PRODUCTS[key]


def _variant(line: Line, variant: str) -> Record:
    number = own_number("ProductVariant", line.product)
    return {
        "__typename": "ProductVariant",
        "id": gid("ProductVariant", number),
        "legacyResourceId": str(number),
        "sku": line.sku,
        "title": variant or "Default Title",
    }


def _address(draft: Draft) -> Record | None:
    if all(line.is_gift_card for line in draft.lines):
        return None
    number = own_number("Customer", draft.digits)
    return {
        "__typename": "MailingAddress",
        "id": f"{gid('MailingAddress', number)}?model_name=Address",
        "name": None,
        "phone": None,
        "address1": None,
        "city": "Dubai",
        "zip": None,
        "country": "United Arab Emirates",
        "countryCodeV2": "AE",
    }


def _shipping_lines(draft: Draft, purse: Purse) -> list[Record]:
    if not draft.shipping:
        return []
    return [
        {
            "__typename": "ShippingLine",
            "id": gid("ShippingLine", child_number("ShippingLine", draft.digits, 1)),
            "code": "Standard",
            "title": "Standard",
            "source": "shopify",
            "custom": False,
            "isRemoved": False,
            "originalPriceSet": purse.bag(draft.shipping),
            "discountedPriceSet": purse.bag(draft.shipping),
            "taxLines": [],
        }
    ]


def _fulfillments(draft: Draft, order: Record, lines: list[Record], purse: Purse) -> list[Record]:
    parcels: list[Record] = []
    place_of_line = 0
    for place, parcel in enumerate(draft.parcels, start=1):
        number = child_number("Fulfillment", draft.digits, place)
        held: list[Record] = []
        for at, units in parcel.lines.items():
            place_of_line += 1
            line = draft.lines[at]
            held.append(
                {
                    "__typename": "FulfillmentLineItem",
                    "id": gid(
                        "FulfillmentLineItem",
                        child_number("FulfillmentLineItem", draft.digits, place_of_line),
                    ),
                    "quantity": units,
                    "lineItem": lines[at],
                    "originalTotalSet": purse.bag(line.unit * units),
                    "discountedTotalSet": purse.bag(line.net * units // line.quantity),
                }
            )
        parcels.append(
            {
                "__typename": "Fulfillment",
                "id": gid("Fulfillment", number),
                "legacyResourceId": str(number),
                "name": f"{order['name']}.{place}",
                "status": "SUCCESS",
                "displayStatus": _display_status(parcel),
                "createdAt": moment(parcel.shipped_at),
                "updatedAt": moment(parcel.delivered_at or parcel.shipped_at),
                "inTransitAt": moment(_in_transit_at(parcel)),
                "estimatedDeliveryAt": None,
                "deliveredAt": moment(parcel.delivered_at),
                "requiresShipping": True,
                "totalQuantity": sum(parcel.lines.values()),
                "trackingInfo": [
                    {
                        "__typename": "FulfillmentTrackingInfo",
                        "company": "Demo Parcels",
                        "number": f"DP{number}",
                        "url": f"https://example.com/track/DP{number}",
                    }
                ],
                "fulfillmentLineItems": held,
                "location": LOCATION,
                "order": order,
            }
        )
    return parcels


def _display_status(parcel: Parcel) -> str:
    if parcel.display_status == "DELIVERED" and parcel.delivered_at is None:
        return "IN_TRANSIT"
    return parcel.display_status


def _in_transit_at(parcel: Parcel) -> datetime | None:
    at = parcel.shipped_at + timedelta(hours=5)
    return at if at <= min(parcel.delivered_at or AS_OF, AS_OF) else None


def _fulfillment_status(draft: Draft) -> str:
    sent = sum(sum(parcel.lines.values()) for parcel in draft.parcels)
    if not sent:
        return "UNFULFILLED"
    unsent = 0
    for place, line in enumerate(draft.lines):
        of_line = sum(parcel.lines.get(place, 0) for parcel in draft.parcels)
        cancelled = line.removed + sum(
            units
            for one in draft.paybacks
            for at, units, restock in one.lines
            if at == place and restock == "CANCEL"
        )
        unsent += max(line.quantity - cancelled - of_line, 0)
    return "PARTIALLY_FULFILLED" if unsent else "FULFILLED"


def _original_total(draft: Draft) -> int:
    lines = [line for line in draft.lines if not line.is_added]
    return sum(line.net + line.tax for line in lines) + draft.shipping


def _sum_up(draft: Draft, order: Record, total: int, purse: Purse) -> None:
    """Fill in what follows from refunds and payments: header totals and the financial status."""
    bag = purse.bag
    gone = gone_tax = gone_discount = 0
    for place, line in enumerate(draft.lines):
        units = min(units_gone(draft, place), line.quantity)
        gone += line.net * units // line.quantity
        gone_tax += line.tax * units // line.quantity
        gone_discount += line.discount * units // line.quantity
    removed = sum((line.net + line.tax) * line.removed // line.quantity for line in draft.lines)
    tax = sum(line.tax for line in draft.lines)
    net = sum(line.net for line in draft.lines)
    shipping_back = sum(one.shipping for one in draft.paybacks)
    refunded = sum(money_back(draft, place) for place in range(len(draft.paybacks)))
    shipping_refunded = sum(one.shipping * ("SUCCESS" in one.statuses) for one in draft.paybacks)
    received = total - removed if draft.is_paid else 0
    order |= {
        "currentSubtotalLineItemsQuantity": sum(
            line["currentQuantity"] for line in order["lineItems"]
        ),
        "currentSubtotalPriceSet": bag(net - gone),
        "currentTotalTaxSet": bag(tax - gone_tax),
        "currentTotalDiscountsSet": bag(sum(line.discount for line in draft.lines) - gone_discount),
        "currentShippingPriceSet": bag(draft.shipping - shipping_back),
        "currentTotalPriceSet": bag(total - gone - gone_tax - shipping_back),
        "totalReceivedSet": bag(received),
        "totalRefundedSet": bag(refunded),
        "totalRefundedShippingSet": bag(shipping_refunded),
        "netPaymentSet": bag(received - refunded),
        "totalOutstandingSet": bag(0 if draft.is_paid or draft.cancelled_at is not None else total),
        "refundDiscrepancySet": bag(sum(one.kept for one in draft.paybacks)),
        "displayFinancialStatus": _financial_status(draft, received, refunded),
    }


def _financial_status(draft: Draft, received: int, refunded: int) -> str:
    if not draft.is_paid:
        return "VOIDED" if draft.cancelled_at is not None else "PENDING"
    if not refunded:
        return "PAID"
    return "REFUNDED" if refunded >= received else "PARTIALLY_REFUNDED"
