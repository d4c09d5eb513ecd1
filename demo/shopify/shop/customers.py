"""The customers of the demo shop, known by their orders."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from demo.shopify.shop.drafts import CURRENCY, NAMESAKES, Draft
from demo.shopify.shop.values import Record, decimal_text, gid, moment, own_number
from demo.shopify.shop.wording import email_of, updated_at


@dataclass(slots=True)
class Customer:
    """What the orders of a customer add up to; `spent` is in fils, of paid orders."""

    number: int
    first_ordered_at: datetime
    updated_at: datetime
    country: str = "AE"
    orders: int = 0
    spent: int = 0
    record: Record = field(default_factory=dict)


def meet(customers: dict[int, Customer], draft: Draft) -> None:
    """Add an order to its customer, who is new with the first."""
    if draft.customer is None or draft.is_customer_deleted:
        return
    one = customers.get(draft.customer)
    if one is None:
        one = Customer(draft.customer, draft.ordered_at, draft.ordered_at)
        customers[draft.customer] = one
    one.updated_at = max(one.updated_at, updated_at(draft))
    if draft.is_test:
        return
    one.orders += 1
    if draft.is_paid and draft.cancelled_at is None:
        one.spent += sum(line.net + line.tax for line in draft.lines) + draft.shipping


def word_customer(one: Customer) -> Record:
    """Return the customer as the API shows it. Names are numbers: nobody is invented."""
    number = own_number("Customer", one.number)
    last_name = f"{min(NAMESAKES) if one.number in NAMESAKES else one.number:05d}"
    email = email_of(one.number)
    one.record |= {
        "__typename": "Customer",
        "id": gid("Customer", number),
        "legacyResourceId": str(number),
        "createdAt": moment(one.first_ordered_at - timedelta(minutes=4)),
        "updatedAt": moment(one.updated_at),
        "state": "ENABLED" if one.number % 3 == 0 else "DISABLED",
        "displayName": f"Customer {last_name}",
        "firstName": "Customer",
        "lastName": last_name,
        "email": email,
        "phone": None,
        "locale": "en",
        "note": None,
        "verifiedEmail": True,
        "numberOfOrders": str(one.orders),
        "amountSpent": {"amount": decimal_text(one.spent), "currencyCode": CURRENCY},
        "tags": ["vip"] if one.orders >= 8 else [],
        "defaultEmailAddress": {"__typename": "CustomerEmailAddress", "emailAddress": email},
        "defaultPhoneNumber": None,
        "defaultAddress": {
            "__typename": "MailingAddress",
            "id": f"{gid('MailingAddress', number)}?model_name=CustomerAddress",
            "name": None,
            "phone": None,
            "address1": NAMESAKES.get(one.number, f"Villa {one.number}"),
            "city": "Dubai",
            "zip": None,
            "country": "United Arab Emirates",
            "countryCodeV2": one.country,
        },
    }
    return one.record
