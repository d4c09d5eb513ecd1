"""How each column of the tables is called and written, live and in the static export."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa

Kind = Literal["text", "count", "money", "share", "number", "day", "moment"]
DASH = "-"
# What a spreadsheet would take for a formula; the same signs as in every CSV of this project.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column: heading with its unit, kind, and what it means in a sentence."""

    label: str
    kind: Kind = "text"
    help: str = ""


_WILSON = "95 % Wilson bound of the refund rate: few units, wide bounds."
COLUMNS: dict[str, Column] = {
    "age_days": Column("Waits, days", "count"),
    "actor": Column("Who"),
    "action": Column("What"),
    "advice": Column("What to do"),
    "alert_label": Column("Alert"),
    "amount_usd": Column("USD", "money", "Sold or given back, at the rate of the order's day."),
    "assignee": Column("Assignee"),
    "category": Column("Category"),
    "comment": Column("Comment"),
    "current_refund_rate": Column("Rate now", "share", "Latest mature window, at equal age."),
    "event": Column("Event"),
    "evidence": Column("Evidence"),
    "excess_usd": Column("Excess, USD", "money", "Beyond what its peers would have cost."),
    "expires_at": Column("Holds until, UTC", "moment"),
    "first_seen_at": Column("First seen", "day"),
    "flags": Column("Flags"),
    "happened_at": Column("When, UTC", "moment"),
    "is_candidate": Column("Candidate"),
    "last_ordered_at": Column("Last order", "day"),
    "last_seen_at": Column("Last seen", "day"),
    "money_at_stake_usd": Column(
        "At stake, USD", "money", "Excess times how sure we are that it is above its peers."
    ),
    "moved_up_since": Column("Worse since", "day", "Week in which its CUSUM began to climb."),
    "nearest_known_reasons": Column("Nearest known reasons"),
    "order_key": Column("Order"),
    "order_return_rate": Column("Orders returned, %", "share"),
    "order_return_rate_lower": Column("at least", "share", "Lower 95 % Wilson bound."),
    "order_return_rate_upper": Column("at most", "share", "Upper 95 % Wilson bound."),
    "ordered_at": Column("Ordered", "day"),
    "orders": Column("Orders", "count"),
    "orders_with_return": Column("Orders with a return", "count"),
    "previous_refund_rate": Column("Rate before", "share", "Mature window before it."),
    "priority": Column("#", "count"),
    "product_key": Column("Product key"),
    "product_name": Column("Product"),
    "raw_reason": Column("Text as sent"),
    "reason": Column("Reason"),
    "reason_category": Column("Reason category"),
    "reason_code": Column("Decision"),
    "recorded_at": Column("When, UTC", "moment"),
    "refund_kind": Column("Kind of refund"),
    "refund_rank": Column("Rank", "count"),
    "refund_rate": Column("Refund rate, %", "share", "Units refunded / units sold, by order date."),
    "refund_rate_change": Column("Change", "share"),
    "refund_rate_lower": Column("at least", "share", _WILSON),
    "refund_rate_upper": Column("at most", "share", _WILSON),
    "refund_ratio": Column("Times its peers", "number"),
    "refund_share": Column("Share of units, %", "share"),
    "refund_usd": Column("Refunded, USD", "money", "At the rate of the order's day."),
    "refund_usd_by_refund_date": Column("Given back, USD", "money", "By the day of the refund."),
    "refund_value_rate": Column("Value rate, %", "share", "USD refunded / USD sold."),
    "refunds": Column("Refunds", "count"),
    "resolution_state": Column("State"),
    "return_rank": Column("Rank", "count"),
    "risk_score": Column("Risk score", "number", "0 to 100, for review only."),
    "sales_usd": Column("Sold, USD", "money", "At the rate of the order's day."),
    "severity": Column("Severity"),
    "severity_reason": Column("Why"),
    "shares": Column("Shares"),
    "sku": Column("SKU"),
    "state": Column("State"),
    "sub_channel": Column("Sub-channel"),
    "sub_channels": Column("Sub-channels"),
    "top_product_key": Column("Top product"),
    "top_product_share": Column("Its share, %", "share"),
    "top_reason": Column("Top reason"),
    "top_reason_advice": Column("What to do"),
    "top_reason_category": Column("Reason category"),
    "trend_direction": Column("Trend", "text", "Of mature windows; up or down if significant."),
    "trend_p_value": Column("p value", "number"),
    "units": Column("Units", "count"),
    "units_refunded": Column("Units refunded", "count"),
    "units_sold": Column("Units sold", "count"),
    "user_key": Column("Customer"),
    "week_start": Column("Week of order", "day"),
    "why": Column("Why"),
}


# Sentences: given room, so that they don't run down the page word by word.
LONG_TEXTS = frozenset(
    ("severity_reason", "evidence", "advice", "top_reason_advice", "nearest_known_reasons", "why")
)


def column(name: str) -> Column:
    """Return how a column is shown; one that is not listed is text under its own name."""
    return COLUMNS.get(name) or Column(name.replace("_", " ").capitalize())


def is_number(name: str) -> bool:
    """Whether a column is written to the right."""
    return column(name).kind in ("count", "money", "share", "number")


def shown(name: str, value: Any) -> str:
    """Write a value as people read it; a dash when it is unknown."""
    if value is None:
        return DASH
    kind = column(name).kind
    if kind == "count":
        return f"{value:,.0f}"
    if kind == "money":
        return f"{value:,.2f}"
    if kind == "share":
        return f"{value * 100:.1f} %"
    if kind == "number":
        return f"{value:,.2f}"
    if kind == "day" and isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if kind == "moment" and isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def csv_text(table: pa.Table) -> str:
    """Write a table as CSV with the names and numbers of the marts.

    A text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow([_cell(row[name]) for name in table.column_names])
    return out.getvalue()


def without(table: pa.Table, names: Iterable[str]) -> pa.Table:
    """Return a table less some of its columns."""
    return table.drop_columns([name for name in names if name in table.column_names])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date | int | float | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
