"""The readable end of a run: what came in, what came out, what to look at, what to type next."""

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from serve.figures import TOP, Figures, percent, read_figures
from serve.files import shown
from serve.publish import published_paths

_WIDEST = 110
_TREND_WORDS = {"up": "up", "down": "down", "flat": "flat", "not_enough_data": "-"}
# A refund rate that goes up is the bad news.
_TREND_STYLES = {"up": "red", "down": "green"}


def print_summary(warehouse_dir: Path, console: Console | None = None) -> None:
    """Print the summary of what is published now on stdout; fits 80 columns.

    Errors: ServeError when nothing is published.
    """
    database = published_paths(warehouse_dir)[0]
    figures = read_figures(database)
    console = console or Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    _head(console, figures)
    _sources(console, figures)
    _kpis(console, figures)
    _products(console, figures)
    _reasons(console, figures)
    _warnings(console, figures)
    _where(console, figures, warehouse_dir)


def _head(console: Console, figures: Figures) -> None:
    console.print()
    if figures.is_demo:
        text = "DEMO DATA: a made-up company, because no source is configured"
        console.print(Panel(Text(text, justify="center"), style="bold yellow"))
    published, as_of = f"{figures.published_at:%Y-%m-%d %H:%M}", f"{figures.as_of:%Y-%m-%d %H:%M}"
    console.print(f"Published {published} UTC, figures as of {as_of} UTC")
    if figures.rates_until:
        age = (figures.as_of.date() - figures.rates_until).days
        # A build set back in time has rates beyond its moment.
        lag = f", {age} {'day' if age == 1 else 'days'} before that" if age > 0 else ""
        console.print(f"Exchange rates until {figures.rates_until}{lag}")


def _sources(console: Console, figures: Figures) -> None:
    if not figures.sources:
        return
    table = _table()
    table.add_column("source")
    table.add_column("sub-channel", overflow="fold")
    _numbers(table, "files", "rows", "landed", "rejected", "left out")
    for source, sub_channel, *counts in figures.sources:
        table.add_row(source, sub_channel, *map(_count, counts))
    if len(figures.sources) > 1:
        totals = [sum(row[index] for row in figures.sources) for index in range(2, 7)]
        table.add_row("all", "", *map(_count, totals), style="bold")
    _show(console, "Rows per source", table)


def _kpis(console: Console, figures: Figures) -> None:
    if not figures.kpis:
        return
    table = _table()
    table.add_column("channel", min_width=13, overflow="fold")
    _numbers(table, "orders", "units", "sales USD", "refund USD", "rate", "value")
    table.add_column("trend", no_wrap=True)
    for channel, sub_channel, orders, units, sales, refunds, rate, value, trend in figures.kpis:
        is_total = sub_channel == "all"
        table.add_row(
            channel if is_total else f"  {sub_channel}",
            *(_count(orders), _count(units), _money(sales), _money(refunds)),
            *(percent(rate), percent(value)),
            Text(_TREND_WORDS.get(trend, str(trend)), style=_TREND_STYLES.get(trend, "")),
            style="bold" if is_total else "",
        )
    _show(console, "Refunds by channel", table)
    console.print("rate: units refunded / units sold; value: the same in USD; by order date")


def _products(console: Console, figures: Figures) -> None:
    if not figures.products:
        return
    table = _table(gap=1)
    table.add_column("sku", no_wrap=True, max_width=20)
    table.add_column("product")
    _numbers(table, "sold", "refunded", "rate", "USD")
    table.add_column("severity", no_wrap=True)
    table.add_column("top reason")
    for sku, name, sold, refunded, rate, usd, severity, reason in figures.products:
        counts = (_count(sold), _count(refunded), percent(rate), _money(usd))
        table.add_row(_text(sku), _text(name), *counts, _text(severity), _text(reason))
    _show(console, f"Top {TOP} products, by money at stake beyond what their peers get back", table)


def _reasons(console: Console, figures: Figures) -> None:
    if not figures.reasons:
        return
    table = _table()
    table.add_column("reason")
    table.add_column("category", no_wrap=True)
    _numbers(table, "refunds", "units", "USD", "share")
    for reason, category, refunds, units, usd, share in figures.reasons:
        counts = (_count(refunds), _count(units), _money(usd), percent(share))
        table.add_row(_text(reason), _text(category), *counts)
    _show(console, f"Top {TOP} reasons", table)


def _warnings(console: Console, figures: Figures) -> None:
    if not figures.warnings:
        return
    console.print("\nTo look at", style="bold yellow")
    for line in figures.warnings:
        console.print(f"- {line}", markup=False)


def _where(console: Console, figures: Figures, warehouse_dir: Path) -> None:
    marts, restricted, exports = published_paths(warehouse_dir)
    console.print("\nFiles", style="bold")
    places = (
        (marts, f"{len(figures.table_names)} tables, open read-only"),
        (exports, "the same as Parquet"),
        (restricted, "names, e-mails, phones: only for you"),
    )
    width = max(len(shown(path)) for path, _ in places)
    for path, what in places:
        console.print(f"  {shown(path):<{width}}  {what}", markup=False, soft_wrap=True)
    console.print("\nNext", style="bold")
    query = "from product_refunds order by refund_rank limit 20"
    for line in _next_lines(marts, query, is_demo=figures.is_demo):
        # Never wrapped, so that it can be copied as one line.
        console.print(f"  {line}", markup=False, soft_wrap=True)


def _next_lines(marts: Path, query: str, *, is_demo: bool) -> Sequence[str]:
    python = shown(Path(sys.executable))
    call = f"duckdb.connect('{shown(marts)}', read_only=True).sql('{query}').show()"
    lines = [f'{python} -c "import duckdb; {call}"']
    if is_demo:
        lines.append("your own data: copy .env.example to .env, fill in a source, then: make run")
    else:
        lines.append("make run      again whenever new files have arrived")
    return lines


def _table(gap: int = 2) -> Table:
    return Table(box=None, padding=(0, gap, 0, 0), pad_edge=False)


def _numbers(table: Table, *headings: str) -> None:
    # Never wrapped: where it gets narrow, names are cut instead.
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)


def _show(console: Console, title: str, table: Table) -> None:
    console.print(f"\n{title}", style="bold")
    console.print(table)


def _count(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _money(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _text(value: Any) -> Text:
    # Product names come from files: brackets in them are not markup.
    return Text("-" if value is None else str(value), no_wrap=True, overflow="ellipsis")
