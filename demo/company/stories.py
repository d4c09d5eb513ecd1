"""What is planted in the made-up company on purpose, and what a mart must make of it.

The constants are read by the generator and by the tests, so neither can drift from the other.
Every story is in the files whatever the size asked for, from MIN_LINES on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.company.catalogue import DEFECTIVE_RATE, DEFECTIVE_SKU, MISLISTED_RATE, MISLISTED_SKU
from demo.company.channels import BY_CODE, MARKETPLACES
from demo.company.identifiers import order_id
from demo.company.period import AS_OF, day_start
from demo.company.reasons import UNMAPPED

MIN_LINES = 1_000
FIRST_STORY_NUMBER = 4_000_000_000
"""Planted orders are numbered from here; drawn ones never get so far."""

SHIP_HOURS, DELIVER_HOURS = 20, 44
REFUND_HOURS = 30


@dataclass(frozen=True)
class TroubledProduct:
    """A SKU that comes back too often, sold on every marketplace."""

    sku: str
    rate: float
    planted_lines: int
    units_per_line: int
    returned_of_twenty: int
    reason: str


DEFECTIVE = TroubledProduct(DEFECTIVE_SKU, DEFECTIVE_RATE, 112, 2, 7, "defective")
"""A defective product. `product_refunds` must show 200 or more units sold, a refund rate near 35 %
(28 to 42 %), PRODUCT_ISSUES as its top reason category, and rank it first among products."""

MISLISTED = TroubledProduct(MISLISTED_SKU, MISLISTED_RATE, 60, 2, 5, "not_as_described")
"""A product whose listing is wrong. `product_refunds` must show a refund rate near 24 % against
some 6 % in its category, nearly all of it "not as described": the cure is the listing."""


@dataclass(frozen=True)
class Customer:
    """A customer whose behaviour is planted. `number` is the company's own, see `buyer_id`."""

    sub_channel: str
    number: int
    orders: int
    returned_orders: int


SERIAL_RETURNER = Customer("onbuy", 9_000_001, 12, 10)
"""`user_refunds` must show 12 orders of which 10 came back, all for the customer's own reasons."""

WARDROBER = Customer("walmart_ca", 9_000_002, 6, 4)
"""`user_refunds` must show 6 orders of which 4 came back whole, asked for 4 to 9 days after
delivery: inside the wardrobing window of 14 days."""


@dataclass(frozen=True)
class WorsenedChannel:
    """A sub-channel whose customers began to return more, by the day of the order (UTC)."""

    sub_channel: str
    since: datetime
    until: datetime
    factor: float


WORSENED = WorsenedChannel("walmart_ca", day_start(60), day_start(30), 4.0)
"""`channel_kpis` must show the refund rate of orders placed in the last matured window (60 to 30
days before AS_OF) at double that of the 30 days before it or more, and `trend_direction` up. No
other sub-channel changes its rate at any time."""


@dataclass(frozen=True)
class PlannedReturn:
    """Goods or money going back. `days` from delivery to request; `wording` replaces the drawn."""

    units: int
    days: int
    reason: str
    kind: str = "return"
    wording: str | None = None


@dataclass(frozen=True)
class PlannedLine:
    """One line of a planted order; `sku` None means any ordinary product."""

    quantity: int = 1
    sku: str | None = None
    returns: tuple[PlannedReturn, ...] = ()


@dataclass(frozen=True)
class PlannedOrder:
    """An order that is in the company whatever the seed. Times are UTC."""

    sub_channel: str
    number: int
    ordered_at: datetime
    lines: tuple[PlannedLine, ...] = (PlannedLine(),)
    customer: int | None = None
    currency: tuple[str, str] | None = None

    @property
    def order_id(self) -> str:
        """Return the id that the marketplace's files print."""
        return order_id(BY_CODE[self.sub_channel], self.number)


def _at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    year = 2025 if month > 10 else 2026
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


_N = FIRST_STORY_NUMBER

THREE_UNITS = PlannedOrder(
    "amazon_ae",
    _N + 1,
    _at(3, 10),
    (PlannedLine(3, returns=(PlannedReturn(3, 5, "changed_mind"),)),),
)
"""One line of 3 units, all 3 refunded in full: 100 % in units and in value, never 300 %."""

OVER_REFUND = PlannedOrder(
    "walmart_ca",
    _N + 2,
    _at(5, 6),
    (
        PlannedLine(
            1, returns=(PlannedReturn(1, 3, "damaged"), PlannedReturn(1, 9, "not_as_described"))
        ),
    ),
    customer=9_000_003,
)
"""One unit sold, two refunded. `over_refunds` must list the line; no rate may pass 100 %."""

TWIN_LINES = PlannedOrder("amazon_in", _N + 3, _at(4, 14), (PlannedLine(1, "KIT-1060-P1"),) * 2)
"""Two byte-identical rows of one order. They are two units, dropping one is wrong."""

MISSING_RATE = (
    PlannedOrder("noon_ae", _N + 4, _at(2, 3), currency=("KWD", "KW")),
    PlannedOrder(
        "noon_ae",
        _N + 5,
        _at(6, 18),
        (PlannedLine(1, returns=(PlannedReturn(1, 4, "quality"),)),),
        currency=("KWD", "KW"),
    ),
)
"""Sold and refunded in Kuwaiti dinar, for which no source has a rate. USD must be null, never at a
rate of 1, and `missing_rates` must count them."""

UNMAPPED_REASONS = (
    PlannedOrder(
        "onbuy",
        _N + 6,
        _at(3, 22),
        (
            PlannedLine(
                returns=(
                    PlannedReturn(1, 4, UNMAPPED, wording="The dragon next door sings at night"),
                )
            ),
        ),
        customer=9_000_004,
    ),
    PlannedOrder(
        "noon_ae",
        _N + 7,
        _at(4, 2),
        (
            PlannedLine(
                returns=(PlannedReturn(1, 4, UNMAPPED, wording="تنين أزرق يغني فوق السطح"),)
            ),
        ),
    ),
)
"""Reasons that no sane rule maps, one in English and one in Arabic. `unmapped_reasons` must list
both; their category is UNKNOWN and their share stays under 3 %."""

GUESTS = tuple(
    PlannedOrder(
        "onbuy",
        _N + 10 + place,
        _at(1 + place, 12, 18),
        (PlannedLine(returns=(PlannedReturn(1, 4, "changed_mind"),) if place < 6 else ()),),
    )
    for place in range(8)
)
"""Eight orders without a buyer, six of them returned. Nobody may appear in `user_refunds` for
them: guests grouped together would be the worst customer of all. They are counted as left out."""

CORRECTED = tuple(
    PlannedOrder(
        "amazon_sa",
        _N + 20 + place,
        _at(4, 8 + place),
        (PlannedLine(2, returns=(PlannedReturn(1, 2 + 6 * place, "changed_mind"),)),),
    )
    for place in range(2)
)
"""Orders whose rows changed in a corrected file for April, of the orders and of the returns: the
first files say twice the price and twice the refund. Only the corrections count."""

WITHDRAWN_ORDER_ID = order_id(BY_CODE["amazon_sa"], _N + 22)
"""Only the first version of April's returns has this order, between the two that changed. The
correction replaces its whole window, so no core table may hold it."""

ACCENTED = PlannedOrder("amazon_za", _N + 23, _at(6, 9), (PlannedLine(1, "KIT-1061-P1"),))
"""A product name with an accent in the one file that is cp1252: it must read Café, not CafÃ©."""

QUOTED = PlannedOrder("amazon_ae", _N + 24, _at(7, 7), (PlannedLine(1, "ELE-1003-BLK"),))
"""A product name with bare inch marks in an unquoted TSV; no row may be swallowed by them."""


def planned_orders() -> Iterator[PlannedOrder]:
    """Yield every planted order, in the order of its number within each story."""
    yield from (THREE_UNITS, OVER_REFUND, TWIN_LINES, ACCENTED, QUOTED)
    yield from (*MISSING_RATE, *UNMAPPED_REASONS, *GUESTS, *CORRECTED)
    yield from _customer_orders()
    yield from _troubled_orders(DEFECTIVE, _N + 1_000)
    yield from _troubled_orders(MISLISTED, _N + 2_000)
    yield from _worsened_orders(_N + 3_000)


def _customer_orders() -> Iterator[PlannedOrder]:
    for place in range(SERIAL_RETURNER.orders):
        kept = place in (3, 8)
        returned = () if kept else (PlannedReturn(1, 3 + place % 5, "changed_mind"),)
        yield PlannedOrder(
            SERIAL_RETURNER.sub_channel,
            _N + 100 + place,
            AS_OF - timedelta(days=345 - 25 * place, hours=5),
            (PlannedLine(1, returns=returned),),
            customer=SERIAL_RETURNER.number,
        )
    for place in range(WARDROBER.orders):
        kept = place in (1, 4)
        days = 4 + place
        yield PlannedOrder(
            WARDROBER.sub_channel,
            _N + 200 + place,
            AS_OF - timedelta(days=330 - 36 * place, hours=7),
            tuple(
                PlannedLine(
                    units,
                    returns=() if kept else (PlannedReturn(units, days, "changed_mind"),),
                )
                for units in (1, 2)
            ),
            customer=WARDROBER.number,
        )


def _troubled_orders(product: TroubledProduct, first_number: int) -> Iterator[PlannedOrder]:
    """Spread the lines evenly over the marketplaces and over all but the last month."""
    units = product.units_per_line
    for place in range(product.planted_lines):
        # 7 and 20 share no factor, so every marketplace gets its part of the returns.
        is_returned = place * 3 % 20 < product.returned_of_twenty
        returned = (PlannedReturn(units, 2 + place % 9, product.reason),) if is_returned else ()
        sub_channel = MARKETPLACES[place % len(MARKETPLACES)]
        yield PlannedOrder(
            sub_channel.code,
            first_number + place,
            day_start(360) + timedelta(hours=place * 325 * 24 // product.planted_lines + 7),
            (PlannedLine(units, product.sku, returned),),
            customer=9_100_000 + first_number % 10_000 + place
            if sub_channel.knows_customers
            else None,
        )


def _worsened_orders(first_number: int) -> Iterator[PlannedOrder]:
    """Sixty one-unit orders in the window that got worse and sixty in the one before it."""
    for window, returned_of_twenty in enumerate((1, 5)):
        start = WORSENED.since - timedelta(days=30 * (1 - window))
        for place in range(60):
            is_returned = place % 20 < returned_of_twenty
            back = (PlannedReturn(1, 2 + place % 6, "changed_mind"),) if is_returned else ()
            yield PlannedOrder(
                WORSENED.sub_channel,
                first_number + 100 * window + place,
                start + timedelta(hours=place * 12 + 1),
                (PlannedLine(1, returns=back),),
                customer=9_200_000 + 100 * window + place,
            )
