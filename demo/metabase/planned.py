"""Orders of the shop that are planned on top of the company's: everything that is awkward there.

The company's own rows stay as they are, so its truth can be taken from the generator. Ids of these
orders are beyond 2^53, where a client that reads numbers as doubles loses the last digit.
"""

from dataclasses import replace
from datetime import UTC, datetime

from demo.company import AS_OF
from demo.metabase.shop_orders import (
    CUSTOMERS,
    ShopItem,
    ShopOrder,
    ShopRefund,
    ShopRefundItem,
)


def _day(month: int, day: int, hour: int = 9, minute: int = 30) -> datetime:
    return datetime(2025 if month > 10 else 2026, month, day, hour, minute, tzinfo=UTC)


def _back(line: int, quantity: int, amount: int, reason: str | None = None) -> ShopRefundItem:
    return ShopRefundItem(line, quantity, amount, reason)


def _story(
    story: str,
    *,
    currency: str,
    items: tuple[ShopItem, ...],
    refunds: tuple[ShopRefund, ...] = (),
    status: str = "delivered",
    customer: int | None = 1,
    shipping: int = 0,
    tax: int = 0,
    is_test: bool = False,
    ordered_at: datetime = AS_OF,
) -> ShopOrder:
    """Return an order without a place yet; one of AS_OF has no day yet either."""
    return ShopOrder(
        0, story, ordered_at, currency, items, refunds, status, customer, shipping, tax, is_test
    )


_STORIES = (
    _story(
        "a test order, paid back",
        currency="AED",
        items=(ShopItem(10_000),),
        is_test=True,
        refunds=(ShopRefund("return", (_back(1, 1, 10_000),)),),
    ),
    _story(
        "a gift card and a product, both paid back",
        currency="AED",
        items=(ShopItem(25_000, is_gift_card=True, is_in_catalogue=False), ShopItem(4_999)),
        refunds=(ShopRefund("return", (_back(1, 1, 25_000), _back(2, 1, 4_999))),),
    ),
    _story(
        "one refund of two lines, each with a reason of its own",
        currency="SAR",
        items=(ShopItem(7_900, 2), ShopItem(12_050)),
        shipping=2_300,
        refunds=(
            ShopRefund(
                "return",
                (_back(1, 1, 7_900, "Too small"), _back(2, 1, 12_050, "Item arrived damaged")),
                reason=None,
            ),
        ),
    ),
    _story(
        "goodwill without lines, three decimals",
        currency="KWD",
        items=(ShopItem(12_755),),
        refunds=(
            ShopRefund(
                "goodwill",
                bare_amount=1_255,
                reason="Arrived too late",
                note='Refund agreed on the phone,\n{"ticket": 4711} "late"',
            ),
        ),
    ),
    _story(
        "a return without lines, all of the money",
        currency="BHD",
        items=(ShopItem(9_999),),
        refunds=(ShopRefund("return", bare_amount=9_999),),
    ),
    _story(
        "all units back, part of the money",
        currency="OMR",
        items=(ShopItem(4_505, 2),),
        refunds=(ShopRefund("return", (_back(1, 2, 6_001),), note="Opened box"),),
    ),
    _story(
        "paid back in another currency, three decimals to two",
        currency="OMR",
        items=(ShopItem(10_000),),
        refunds=(ShopRefund("return", (_back(1, 1, 95_400),), currency="AED"),),
    ),
    _story(
        "paid back in another currency, two decimals to none",
        currency="USD",
        items=(ShopItem(5_000),),
        refunds=(ShopRefund("return", (_back(1, 1, 7_480),), currency="JPY"),),
    ),
    _story(
        "cancelled before shipping, paid back by lines",
        currency="QAR",
        items=(ShopItem(8_800, 2, cancelled=2),),
        status="cancelled",
        shipping=1_500,
        refunds=(
            ShopRefund(
                "cancellation",
                (_back(1, 2, 17_600),),
                shipping=1_500,
                days=1,
                reason="Cancelled by customer",
            ),
        ),
    ),
    _story(
        "cancelled before shipping, paid back without lines",
        currency="JOD",
        items=(ShopItem(31_250, cancelled=1),),
        status="cancelled",
        refunds=(ShopRefund("cancellation", bare_amount=31_250, days=1, reason=None),),
    ),
    _story(
        "one unit of three cancelled, one of the others returned",
        currency="TND",
        items=(ShopItem(45_120, 3, cancelled=1),),
        refunds=(
            ShopRefund("cancellation", (_back(1, 1, 45_120),), days=1, reason="Out of stock"),
            ShopRefund("return", (_back(1, 1, 45_120),)),
        ),
    ),
    _story(
        "never arrived, paid back with shipping",
        currency="KRW",
        items=(ShopItem(41_330),),
        status="undelivered",
        shipping=8_000,
        refunds=(
            ShopRefund(
                "undelivered",
                (_back(1, 1, 41_330),),
                shipping=8_000,
                reason="Refused by customer",
            ),
        ),
    ),
    _story(
        "a guest who returned",
        currency="JPY",
        items=(ShopItem(1_234),),
        customer=None,
        refunds=(ShopRefund("return", (_back(1, 1, 1_234),)),),
    ),
    _story(
        "only shipping paid back",
        currency="AED",
        items=(ShopItem(6_100),),
        shipping=2_200,
        refunds=(ShopRefund("goodwill", shipping=2_200, reason="Arrived too late"),),
    ),
    _story(
        "asked for, not received and not paid",
        currency="AED",
        items=(ShopItem(15_000),),
        refunds=(ShopRefund("return", (_back(1, 1, 15_000),), status="requested"),),
    ),
    _story(
        "received, not paid yet",
        currency="GBP",
        items=(ShopItem(2_599),),
        refunds=(ShopRefund("return", (_back(1, 1, 2_599),), status="approved"),),
    ),
    _story(
        "declined",
        currency="EUR",
        items=(ShopItem(8_450),),
        refunds=(
            ShopRefund(
                "return", (_back(1, 1, 8_450),), status="declined", reason="No longer needed"
            ),
        ),
    ),
    _story(
        "withdrawn by the customer",
        currency="INR",
        items=(ShopItem(129_900),),
        refunds=(ShopRefund("return", (_back(1, 1, 129_900),), status="withdrawn"),),
    ),
    _story(
        "replaced, no money",
        currency="AED",
        items=(ShopItem(5_500),),
        refunds=(ShopRefund("replacement", (_back(1, 1, 0),), reason="Defective product"),),
    ),
    _story(
        "one unit sold, paid back twice",
        currency="AED",
        items=(ShopItem(19_900),),
        refunds=(
            ShopRefund("return", (_back(1, 1, 19_900),)),
            ShopRefund("refund_only", (_back(1, 1, 19_900),), days=9, reason="Poor quality"),
        ),
    ),
    _story(
        "three units, all back in two refunds",
        currency="JPY",
        items=(ShopItem(980, 3),),
        refunds=(
            ShopRefund("return", (_back(1, 1, 980),)),
            ShopRefund("return", (_back(1, 2, 1_960),), days=8),
        ),
    ),
    _story(
        "discount, shipping and tax",
        currency="ZAR",
        items=(ShopItem(59_900, 2, discount=11_980), ShopItem(1_000)),
        shipping=9_000,
        tax=17_838,
        refunds=(ShopRefund("return", (_back(1, 1, 53_910),)),),
    ),
    _story(
        "exactly on midnight, text that hurts a CSV",
        currency="BHD",
        items=(ShopItem(1),),
        ordered_at=_day(3, 1, 0, 0),
        refunds=(
            ShopRefund(
                "refund_only",
                (_back(1, 1, 1),),
                reason='=1+1, "كبير جدا"\nsecond line',
                note="",
            ),
        ),
    ),
    _story(
        "a product that was deleted from the catalogue",
        currency="TRY",
        items=(ShopItem(77_700, is_in_catalogue=False),),
        refunds=(ShopRefund("return", (_back(1, 1, 77_700),), reason=""),),
    ),
    _story(
        "a test order of more paisas than a 32-bit number holds",
        currency="PKR",
        items=(ShopItem(1_250_750_125, 3),),
        is_test=True,
        refunds=(ShopRefund("return", (_back(1, 3, 3_752_250_375),)),),
    ),
    _story("millions of won", currency="KRW", items=(ShopItem(1_290_000, 2),)),
    _story(
        "pounds of a currency without an ECB rate",
        currency="EGP",
        items=(ShopItem(485_000),),
        refunds=(ShopRefund("refund_only", (_back(1, 1, 100_000),), reason="Poor quality"),),
    ),
)


def _placed(place: int, order: ShopOrder) -> ShopOrder:
    return replace(
        order,
        place=place,
        ordered_at=_day(1 + place % 9, 2 + place % 25)
        if order.ordered_at == AS_OF
        else order.ordered_at,
        customer=None if order.customer is None else 1 + place % CUSTOMERS,
    )


PLANNED_ORDERS = tuple(_placed(place, order) for place, order in enumerate(_STORIES, start=1))


def late_order(place: int, ordered_at: datetime, updated_at: datetime) -> ShopOrder:
    """Return an order that comes in while somebody reads the tables."""
    return replace(
        PLANNED_ORDERS[place % len(PLANNED_ORDERS)],
        place=place,
        story="came while the tables were read",
        ordered_at=ordered_at,
        updated_at=updated_at,
        status="placed",
        refunds=(),
        items=(ShopItem(1_000 + place),),
        is_test=False,
    )
