"""The headline numbers in words, the same on the live page and in the static export."""

from collections.abc import Mapping
from typing import Any

from serve.dashboard.columns import DASH, shown

_TRENDS = {
    "up": "▲ up, significant",
    "down": "▼ down, significant",
    "flat": "no significant change",
    "not_enough_data": "too young to compare",
}


def figures(numbers: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return label, value and what stands below it, of what `queries.headline` found."""

    def value(name: str) -> str:
        return shown(name, numbers.get(name))

    def dollars(name: str) -> str:
        number = numbers.get(name)
        return DASH if number is None else f"$ {number:,.0f}"

    refunded, sold = shown("units", numbers.get("units_refunded")), value("units_sold")
    return [
        ("Refund rate, units", value("refund_rate"), trend_text(numbers)),
        ("Units refunded / sold", f"{refunded} / {sold}", "by order date"),
        ("Refunded, USD", dollars("refund_usd"), "by order date"),
        ("Given back, USD", dollars("refund_usd_by_refund_date"), "all kinds, by refund date"),
        ("Sales, USD", dollars("sales_usd"), f"{value('refund_value_rate')} of it refunded"),
        ("Orders", value("orders"), f"{value('order_return_rate')} with a return"),
    ]


def trend_text(numbers: Mapping[str, Any]) -> str:
    """Say whether the rate changed, and from what to what."""
    direction = numbers.get("trend_direction")
    if direction is None:
        return "by order date"
    words = _TRENDS.get(str(direction), str(direction))
    before, now = numbers.get("previous_refund_rate"), numbers.get("current_refund_rate")
    if before is None or now is None:
        return words
    return f"{words}: {before * 100:.1f} % to {now * 100:.1f} %"


def worsened_text(row: Mapping[str, Any]) -> str:
    """Say of a sub-channel what got worse."""
    before, now = (row.get(name) for name in ("previous_refund_rate", "current_refund_rate"))
    rates = f"{before * 100:.1f} % to {now * 100:.1f} %" if before is not None and now else ""
    since = row.get("moved_up_since")
    if row.get("trend_direction") == "up":
        text = f"{row['sub_channel']}: refund rate up from {rates}, more than chance"
        return f"{text}; worse since the week of {since}" if since else text
    return f"{row['sub_channel']}: a little worse since the week of {since}, slowly"


def product_name(row: Mapping[str, Any]) -> str:
    """Name a product and say how bad it is."""
    return f"{row.get('product_name') or row['sku']} ({row['sku']}): {row['severity']}"


def product_reason(row: Mapping[str, Any]) -> str:
    """Say why a product leads the ranking."""
    reason = f" Mostly {row['top_reason']}." if row.get("top_reason") else ""
    return f"{row['severity_reason']}{reason}"


def user_name(row: Mapping[str, Any]) -> str:
    """Name a customer by its key and say how bad it is."""
    return f"{row['user_key']}: {row['severity']}"
