"""The small tables that the generator's SQL looks things up in. None grows with the size asked."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import duckdb
import pyarrow as pa

from demo.company.catalogue import CLASSES, Product, product_by_sku
from demo.company.channels import CURRENCY_DECIMALS, SUB_CHANNELS, UNITS_PER_USD, SubChannel
from demo.company.draws import DRAW_RANGE, limit, slots
from demo.company.period import DAYS, FIRST_DAY
from demo.company.reasons import REASON_MIXES, WORDINGS
from demo.company.stories import (
    DEFECTIVE,
    DELIVER_HOURS,
    MISLISTED,
    REFUND_HOURS,
    SHIP_HOURS,
    WORSENED,
    PlannedOrder,
    planned_orders,
)

MEAN_LINES = 1.5
"""Lines an order, from the shares in `sql/orders.sql`."""

_MEDIAN_REQUEST_HOURS = 68
_REQUEST_SPREAD = 0.95
_LONGEST_REQUEST_HOURS = 36 * 24
_REFUNDED_PART_OF_RETURNS = 0.89
"""Of the units that come back this part is refunded: the rest is declined, replaced or kept."""

Rows = list[tuple[Any, ...]]


def fill_tables(
    connection: duckdb.DuckDBPyConnection,
    products: Sequence[Product],
    orders: dict[str, int],
    *,
    with_stories: bool,
) -> None:
    """Create every lookup table. `orders` is the number of drawn orders by sub-channel code."""
    _fill_channels(connection, orders, with_stories)
    _fill_products(connection, products)
    _fill_reasons(connection)
    _fill_stories(connection, products, list(planned_orders()) if with_stories else [])


def weekday_orders(sub_channel: SubChannel, total: int) -> list[int]:
    """Spread orders over the days of the period: growth, weekdays and a sale in late November.

    Whole numbers only, so that the days sum to the total exactly.
    """
    weights = []
    for index in range(DAYS):
        day = FIRST_DAY + timedelta(days=index)
        sale = 18 if day.month == 11 and 24 <= day.day <= 30 else 10
        growth = 1_000 + 300 * index // DAYS
        weights.append(sub_channel.weekday_weights[day.weekday()] * growth * sale)
    running = [0]
    for weight in weights:
        running.append(running[-1] + weight)
    return [
        total * after // running[-1] - total * before // running[-1]
        for before, after in pairwise(running)
    ]


def price_minor(product: Product, sub_channel: SubChannel, currency: str) -> int:
    """Return the list price in the smallest unit of the currency, rounded as shops do."""
    decimals = CURRENCY_DECIMALS[currency]
    amount = product.list_price_usd * UNITS_PER_USD[currency] * sub_channel.price_factor
    if decimals == 3:
        return max(round(amount * 4), 1) * 250
    if decimals == 0:
        return max(round(amount / 10), 1) * 10
    whole = max(round(amount), 2)
    return whole * 100 if whole > 1_000 or product.number % 3 == 0 else whole * 100 - 1


def _fill_channels(
    connection: duckdb.DuckDBPyConnection, orders: dict[str, int], with_stories: bool
) -> None:
    channels: Rows = []
    calendar: Rows = []
    destinations: Rows = []
    fees: Rows = []
    for one in SUB_CHANNELS:
        is_worse = with_stories and one.code == WORSENED.sub_channel
        channels.append(
            (
                one.number,
                one.code,
                one.channel,
                one.order_id_style,
                one.vocabulary,
                one.knows_customers,
                max(orders[one.code] // 2, 40),
                limit(one.guest_share),
                limit(one.platform_fulfilled_share),
                limit(one.cancelled_share),
                limit(one.undelivered_share),
                limit(one.declined_share),
                limit(one.replacement_share),
                limit(one.refund_only_share),
                limit(one.partial_share),
                limit(one.amount_blank_share),
                limit(one.unmapped_share),
                limit(one.arabic_share),
                WORSENED.since.replace(tzinfo=None) if is_worse else None,
                WORSENED.until.replace(tzinfo=None) if is_worse else None,
                WORSENED.factor,
            )
        )
        first_number = 0
        for index, count in enumerate(weekday_orders(one, orders[one.code])):
            calendar.append((one.number, FIRST_DAY + timedelta(days=index), count, first_number))
            first_number += count
        places = list(one.currencies)
        for slot, place in enumerate(slots(list(one.currencies.values()), 256)):
            destinations.append((one.number, slot, *places[place]))
        for currency in sorted({currency for currency, _ in places}):
            fee = one.shipping_fee * UNITS_PER_USD[currency]
            fees.append((one.number, currency, round(fee) * 10 ** CURRENCY_DECIMALS[currency]))
    _create(
        connection,
        "sub_channels",
        """sub_channel_no bigint, sub_channel varchar, channel varchar, order_id_style varchar,
        vocabulary varchar, knows_customers boolean, customers bigint, guest_limit bigint,
        platform_limit bigint, cancelled_limit bigint, undelivered_limit bigint,
        declined_limit bigint, replacement_limit bigint, refund_only_limit bigint,
        partial_limit bigint, blank_limit bigint, unmapped_limit bigint, arabic_limit bigint,
        worse_since timestamp, worse_until timestamp, worse_factor double""",
        channels,
    )
    _create(
        connection,
        "calendar",
        "sub_channel_no bigint, day date, orders bigint, first_number bigint",
        calendar,
    )
    _create(
        connection,
        "destinations",
        "sub_channel_no bigint, slot bigint, currency varchar, country varchar",
        destinations,
    )
    _create(
        connection, "fees", "sub_channel_no bigint, currency varchar, shipping_minor bigint", fees
    )
    _create(
        connection,
        "currencies",
        "currency varchar, decimals bigint",
        list(CURRENCY_DECIMALS.items()),
    )


def _fill_products(connection: duckdb.DuckDBPyConnection, products: Sequence[Product]) -> None:
    _create(
        connection,
        "products",
        """product_no bigint, sku varchar, product_name varchar, category varchar, brand varchar,
        reasons varchar""",
        [(p.number, p.sku, p.name, p.category.name, p.brand, p.reasons) for p in products],
    )
    demand: Rows = []
    for product_class in range(CLASSES):
        members = [p for p in products if p.product_class == product_class]
        chosen = slots([p.demand for p in members], DRAW_RANGE // 16)
        demand += [(product_class, slot, members[at].number) for slot, at in enumerate(chosen)]
    _create(connection, "demand", "product_class bigint, slot bigint, product_no bigint", demand)
    terms: Rows = []
    for one in SUB_CHANNELS:
        for currency in sorted({currency for currency, _ in one.currencies}):
            terms += [
                (
                    one.number,
                    currency,
                    p.number,
                    price_minor(p, one, currency),
                    limit(_comes_back_share(p, one)),
                )
                for p in products
            ]
    _create(
        connection,
        "terms",
        """sub_channel_no bigint, currency varchar, product_no bigint, price_minor bigint,
        return_limit bigint""",
        terms,
    )


def _comes_back_share(product: Product, sub_channel: SubChannel) -> float:
    if product.reasons in ("defective", "mislisted"):
        return product.return_rate / _REFUNDED_PART_OF_RETURNS
    return product.return_rate * sub_channel.return_factor


def _fill_reasons(connection: duckdb.DuckDBPyConnection) -> None:
    mixes: Rows = []
    for mix, weights in REASON_MIXES.items():
        reasons = list(weights)
        chosen = slots(list(weights.values()), DRAW_RANGE // 64)
        mixes += [(mix, slot, reasons[at]) for slot, at in enumerate(chosen)]
    _create(connection, "reason_mixes", "mix varchar, slot bigint, reason varchar", mixes)
    normal = NormalDist()
    lags: Rows = []
    for slot in range(512):
        z = normal.inv_cdf((slot + 0.5) / 512)
        hours = round(_MEDIAN_REQUEST_HOURS * 2.718281828 ** (_REQUEST_SPREAD * z))
        lags.append((slot, min(max(hours, 3), _LONGEST_REQUEST_HOURS)))
    _create(connection, "request_lags", "slot bigint, hours bigint", lags)
    wordings: Rows = [
        (vocabulary, reason, variant, len(texts), text)
        for vocabulary, by_reason in WORDINGS.items()
        for reason, texts in by_reason.items()
        for variant, text in enumerate(texts)
    ]
    _create(
        connection,
        "wordings",
        "vocabulary varchar, reason varchar, variant bigint, variants bigint, wording varchar",
        wordings,
    )


def _fill_stories(
    connection: duckdb.DuckDBPyConnection,
    products: Sequence[Product],
    planned: Sequence[PlannedOrder],
) -> None:
    channel_numbers = {one.code: one for one in SUB_CHANNELS}
    ordinary = [p for p in products if p.sku not in (DEFECTIVE.sku, MISLISTED.sku)]
    orders: Rows = []
    lines: Rows = []
    returns: Rows = []
    for order in planned:
        sub_channel = channel_numbers[order.sub_channel]
        currency, country = order.currency or next(iter(sub_channel.currencies))
        orders.append(
            (
                sub_channel.number,
                order.number,
                order.ordered_at.replace(tzinfo=None),
                len(order.lines),
                order.customer,
                currency,
                country,
                SHIP_HOURS * 3600,
                DELIVER_HOURS * 3600,
            )
        )
        for line_no, line in enumerate(order.lines, start=1):
            product = (
                product_by_sku(products, line.sku)
                if line.sku
                # 37 shares no factor with the number of products: neighbours sell unlike things.
                else ordinary[(order.number * 2 + line_no) * 37 % len(ordinary)]
            )
            lines.append((order.number, line_no, product.number, line.quantity))
            returns += [
                (
                    order.number,
                    line_no,
                    return_no,
                    back.kind,
                    back.units,
                    back.days,
                    REFUND_HOURS,
                    back.reason,
                    back.wording,
                )
                for return_no, back in enumerate(line.returns, start=1)
            ]
    _create(
        connection,
        "story_orders",
        """sub_channel_no bigint, number bigint, ordered_at timestamp, lines_count bigint,
        customer_no bigint, currency varchar, country varchar, ship_seconds bigint,
        deliver_seconds bigint""",
        orders,
    )
    _create(
        connection,
        "story_lines",
        "number bigint, line_no integer, product_no bigint, quantity bigint",
        lines,
    )
    _create(
        connection,
        "story_returns",
        """number bigint, line_no integer, return_no integer, kind varchar, units bigint,
        days bigint, refund_hours bigint, reason varchar, wording varchar""",
        returns,
    )


def _create(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Rows) -> None:
    """Create a table from Python rows; Arrow carries them, because one INSERT a row is slow."""
    connection.execute(f"create table {name} ({columns})")
    if not rows:
        return
    arrow = pa.table(
        {f"c{index}": list(values) for index, values in enumerate(zip(*rows, strict=True))}
    )
    connection.register("incoming_rows", arrow)
    connection.execute(f"insert into {name} select * from incoming_rows")
    connection.unregister("incoming_rows")
