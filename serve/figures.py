"""The figures of the closing summary, read from the published marts and nothing else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from serve.errors import ServeError, one_line
from serve.files import shown
from serve.sql import literal

TOP = 5

Row = tuple[Any, ...]

_SOURCE_ROWS = """
    select
        source,
        sub_channel,
        count(distinct source_batch),
        sum(rows_in_source),
        sum(rows_raw),
        sum(rows_rejected),
        sum(rows_excluded)
    from published.main.reconciliation
    group by source, sub_channel
    order by source, sub_channel
"""
_KPIS = """
    select
        channel, sub_channel, orders, units_sold, sales_usd, refund_usd,
        refund_rate, refund_value_rate, trend_direction
    from published.main.channel_kpis
    order by channel = 'all' desc, channel, sub_channel = 'all' desc, sub_channel
"""
_PRODUCTS = f"""
    select
        sku, product_name, units_sold, units_refunded, refund_rate, refund_usd, severity, top_reason
    from published.main.product_refunds
    where units_refunded > 0
    order by refund_rank
    limit {TOP}
"""
_REASONS = f"""
    with reason_totals as (
        select
            reason,
            reason_category,
            sum(refunds) as refunds,
            sum(units_refunded) as units,
            sum(refund_usd) as usd
        from published.main.refund_reasons
        group by reason, reason_category
    )

    select
        reason, reason_category, refunds, units, usd, units / nullif(sum(units) over (), 0) as share
    from reason_totals
    order by units desc, reason, reason_category
    limit {TOP}
"""
_REJECTS = """
    select reason_code, count(*) as row_count
    from published.main.rejected_rows
    group by reason_code
    order by row_count desc, reason_code
"""
_MISSING_RATES = """
    select currency, sum(row_count) as row_count
    from published.main.missing_rates
    group by currency
    order by row_count desc, currency
"""
_UNMAPPED = """
    select coalesce(sum(units_unmapped), 0), coalesce(sum(units_refunded), 0)
    from published.main.refund_reasons
"""
_NOT_RECONCILED = "select count(*) from published.main.reconciliation where not is_reconciled"
_OVER_REFUNDS = "select count(*) from published.main.over_refunds"
_CANDIDATES = "select count(*) from published.main.fraud_candidates"
_QUEUE = "select count(distinct order_key) from published.main.decision_queue"


@dataclass(frozen=True)
class Figures:
    """Everything the summary shows. Money in USD, rates as fractions, moments in UTC."""

    publication_id: str
    published_at: datetime
    as_of: datetime
    is_demo: bool
    table_names: frozenset[str]
    sources: list[Row] = field(default_factory=list)
    kpis: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    reasons: list[Row] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rates_until: date | None = None


@contextmanager
def open_published(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach the published marts read-only as `published`; other readers are not disturbed.

    Errors: ServeError when nothing is published yet, or the file can't be read.
    """
    if not database.exists():
        raise ServeError(f"nothing is published in {shown(database.parent)} yet; run `make run`")
    connection = duckdb.connect()
    try:
        try:
            connection.execute(f"attach {literal(database)} as published (read_only)")
        except duckdb.Error as error:
            if "lock" in str(error).lower():
                raise ServeError(
                    f"{shown(database)} is open for writing in another program; "
                    "open it read-only there, then try again"
                ) from None
            raise ServeError(
                f"{shown(database)} can't be read ({one_line(str(error))}); run `make publish`"
            ) from None
        yield connection
    finally:
        connection.close()


def read_figures(database: Path) -> Figures:
    """Read the figures of the summary.

    A mart that this company does not publish leaves its part of the summary out.
    Errors: ServeError when the file is no publication.
    """
    with open_published(database) as connection:
        tables = frozenset(
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'published'"
            ).fetchall()
        )
        if "publication" not in tables:
            raise ServeError(f"{shown(database)} was not published by this project")
        about = connection.execute(
            "select publication_id, published_at, as_of, is_demo, sources, warnings "
            "from published.main.publication"
        ).fetchall()[0]

        def rows(sql: str, *needed: str) -> list[Row]:
            return connection.execute(sql).fetchall() if tables.issuperset(needed) else []

        warnings = [
            *_reject_lines(rows(_REJECTS, "rejected_rows")),
            *_rate_lines(rows(_MISSING_RATES, "missing_rates")),
            *_reason_lines(rows(_UNMAPPED, "refund_reasons"), tables),
            *_count_lines(
                rows(_OVER_REFUNDS, "over_refunds"),
                "order lines with more refunded than sold",
                "over_refunds",
            ),
            *_count_lines(
                rows(_QUEUE, "decision_queue"), "orders that need a decision", "decision_queue"
            ),
            *_count_lines(
                rows(_CANDIDATES, "fraud_candidates"),
                "customers whose returns a person should review",
                "fraud_candidates",
            ),
            *_count_lines(
                rows(_NOT_RECONCILED, "reconciliation"),
                "files that do not reconcile from raw to core",
                "reconciliation",
            ),
            *json.loads(about[5]),
        ]
        return Figures(
            publication_id=about[0],
            published_at=about[1],
            as_of=about[2],
            is_demo=about[3],
            table_names=tables,
            sources=rows(_SOURCE_ROWS, "reconciliation"),
            kpis=rows(_KPIS, "channel_kpis"),
            products=rows(_PRODUCTS, "product_refunds"),
            reasons=rows(_REASONS, "refund_reasons"),
            warnings=warnings,
            rates_until=_last_rate_day(json.loads(about[4])),
        )


def _last_rate_day(sources: dict[str, Any]) -> date | None:
    until = sources.get("rates", {}).get("covered_until")
    # Windows are half open: the day after the last rate.
    return date.fromisoformat(until[:10]) - timedelta(days=1) if until else None


def _reject_lines(rows: list[Row]) -> list[str]:
    if not rows:
        return []
    codes = ", ".join(f"{code} {count:,}" for code, count in rows)
    total = sum(count for _, count in rows)
    return [f"rows that could not be read: {total:,} ({codes}), table rejected_rows"]


def _rate_lines(rows: list[Row]) -> list[str]:
    if not rows:
        return []
    currencies = ", ".join(f"{currency} {count:,}" for currency, count in rows)
    total = sum(count for _, count in rows)
    return [f"rows without a USD rate: {total:,} ({currencies}), table missing_rates"]


def _reason_lines(rows: list[Row], tables: frozenset[str]) -> list[str]:
    unmapped, total = rows[0] if rows else (0, 0)
    if not unmapped:
        return []
    share = percent(Decimal(unmapped) / Decimal(total))
    table = "unmapped_reasons" if "unmapped_reasons" in tables else "refund_reasons"
    return [
        f"refunded units with a reason that no rule knows: {unmapped:,} ({share}), table {table}"
    ]


def _count_lines(rows: list[Row], what: str, table: str) -> list[str]:
    return [f"{what}: {rows[0][0]:,}, table {table}"] if rows and rows[0][0] else []


def percent(value: Decimal | float | None) -> str:
    """Write a fraction as a percentage with one decimal, a dash when unknown."""
    return "-" if value is None else f"{float(value) * 100:.1f} %"
