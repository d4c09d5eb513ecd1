"""Writes the four read-only views as one folder of HTML files that need no network."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from serve.dashboard import charts
from serve.dashboard.columns import without
from serve.dashboard.data import Marts
from serve.dashboard.filters import Filters
from serve.dashboard.markup import Page, render
from serve.dashboard.queries import headline, products, reasons, users
from serve.dashboard.words import (
    figures,
    product_name,
    product_reason,
    user_name,
    worsened_text,
)
from serve.publish import published_paths

FOLDER = "dashboard"
# More rows make files that a phone can't open; the live page has them.
_ROWS = 250


def export(warehouse_dir: Path) -> Path:
    """Write `WAREHOUSE_DIR/dashboard` from what is published now and return its first page.

    No row holds personal data: customers are keys. A reader sees the old pages or the new ones.
    Errors: ServeError when nothing is published.
    """
    marts = Marts(published_paths(warehouse_dir)[0])
    try:
        about = marts.about
        pages = [_dashboard(marts), _products(marts), _users(marts), _reasons(marts)]
        files = {f"{page.name}.html": render(page, pages, about) for page in pages}
    finally:
        marts.close()
    folder = warehouse_dir / FOLDER
    beside = warehouse_dir / f".{FOLDER}.{os.getpid()}.new"
    beside.mkdir(parents=True)
    try:
        for name, text in files.items():
            (beside / name).write_text(text, encoding="utf-8")
        _swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder / "index.html"


def _swap(beside: Path, folder: Path) -> None:
    if not folder.exists():
        beside.rename(folder)
        return
    # File by file, since a folder that is not empty can't be replaced in one step.
    for path in sorted(beside.iterdir()):
        path.replace(folder / path.name)


def _dashboard(marts: Marts) -> Page:
    everything = Filters()
    page = Page("index", "Dashboard")
    page.figures(figures(headline.headline(marts, everything)))
    page.heading("Look at first")
    for row in headline.worsened(marts).to_pylist():
        page.text(worsened_text(row))
    for row in products.ranking(marts, everything).slice(0, 1).to_pylist():
        page.text(product_name(row), link="products.html", note=product_reason(row))
    for row in users.ranking(marts, everything).slice(0, 1).to_pylist():
        page.text(user_name(row), link="users.html", note=row["severity_reason"])
    page.heading("Trend")
    weeks = headline.weekly(marts, everything)
    page.chart(charts.weekly_rate(weeks, "all channels"), weeks.num_rows)
    page.heading("Channels")
    channels = headline.by_channel(marts, everything)
    page.chart(
        charts.rate_bars(channels, "sub_channel", "Sub-channel", "all time"), channels.num_rows
    )
    page.table(channels.select(CHANNEL_COLUMNS), "Channels")
    page.heading("Categories")
    found_categories = headline.by_category(marts, everything)
    page.chart(
        charts.rate_bars(found_categories, "category", "Category", "all channels"),
        found_categories.num_rows,
    )
    page.table(found_categories, "Categories")
    page.heading("Money given back")
    kinds = headline.by_kind(marts, everything)
    page.chart(charts.money_bars(kinds), kinds.num_rows)
    page.table(kinds, "Kinds of refund")
    return page


def _products(marts: Marts) -> Page:
    page = Page("products", "Products")
    page.text(
        "The worst severity on top, then most money at stake: what came back beyond its "
        "peers, times how sure that is. Severity rests on all orders; few units have wide bounds "
        "and say little."
    )
    ranked = products.ranking(marts, Filters())
    page.table(_top(ranked, PRODUCT_COLUMNS), "Products")
    _cut_note(page, ranked)
    page.heading("Categories against their peers")
    page.table(_top(products.categories(marts, Filters())), "Categories by sub-channel")
    return page


def _users(marts: Marts) -> Page:
    page = Page("users", "Users")
    page.text(
        "Customers whose returns deserve a look, the worst severity on top. A list for review, "
        "never for action. Refunds for our fault or the product's are not held against them."
    )
    ranked = users.ranking(marts, Filters())
    page.table(_top(ranked, USER_COLUMNS), "Customers")
    _cut_note(page, ranked)
    return page


def _reasons(marts: Marts) -> Page:
    everything = Filters()
    page = Page("reasons", "Reasons")
    found = reasons.reasons(marts, everything)
    page.chart(charts.reason_bars(found, "all channels"), found.num_rows)
    page.table(found, "Reasons")
    page.heading("By channel")
    channels = reasons.by_channel(marts, everything)
    page.chart(charts.reason_shares(channels, "sub_channel", "Sub-channel"), channels.num_rows)
    page.heading("By month")
    months = reasons.by_month(marts, everything)
    page.chart(charts.reason_shares(months, "refund_month", "Month of refund"), months.num_rows)
    page.heading("By product")
    heat = reasons.heat_map(marts, everything)
    page.chart(charts.reason_heat_map(heat), heat.num_rows)
    page.table(without(heat, ["product_key"]), "Reasons by product")
    if (texts := reasons.unmapped(marts)) is not None:
        page.heading("Texts that no rule knows")
        page.table(_top(texts), "Unmapped reasons")
    return page


CHANNEL_COLUMNS = [
    "sub_channel", "orders", "units_sold", "units_refunded", "refund_rate", "refund_value_rate",
    "sales_usd", "refund_usd", "trend_direction",
]  # fmt: skip
PRODUCT_COLUMNS = [
    "severity", "sku", "product_name", "category", "units_sold", "units_refunded", "refund_rate",
    "money_at_stake_usd", "top_reason", "severity_reason", "refund_rate_lower",
    "refund_rate_upper", "refund_usd", "top_reason_advice",
]  # fmt: skip
USER_COLUMNS = [
    "severity", "user_key", "sub_channel", "orders", "orders_with_return", "order_return_rate",
    "refund_usd", "money_at_stake_usd", "flags", "severity_reason", "order_return_rate_lower",
    "order_return_rate_upper",
]  # fmt: skip


def _top(table: pa.Table, names: Sequence[str] | None = None) -> pa.Table:
    chosen = table.select(list(names)) if names else table
    return chosen.slice(0, _ROWS)


def _cut_note(page: Page, table: pa.Table) -> None:
    if table.num_rows > _ROWS:
        page.text(f"The first {_ROWS} are shown; `make dashboard` has more.")
