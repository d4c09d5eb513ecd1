"""The report as a CSV file, as JSON, and as text for a person."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from serve.files import PRIVATE_UMASK, shown, umask, write_whole
from serve.fraud.options import FraudOptions
from serve.fraud.results import Candidate, Findings

SKILL = "return-fraud-detector"
TOP = 10
LOG_WIDTH = 160
COLUMNS = (
    "customer_id",
    "name",
    "email",
    "phone",
    "total_orders",
    "total_returns",
    "return_rate_pct",
    "wardrobing_count",
    "flags",
    "lifetime_spend",
    "last_return_date",
    "tags",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BEFORE_ACTING = (
    "open the orders named above (of everybody: column `evidence` of mart fraud_candidates), "
    "with what the customer wrote",
    "see whether the goods were ours to blame: wrong, damaged or misdescribed",
    "see whether a household, a reseller or a size that is hard to guess explains it",
    "ask the customer before you decide; decide on the order, never on the list",
)


def write_csv(findings: Findings, folder: Path) -> Path:
    """Write the candidates, in the order of review, for their owner's eyes only (mode 0600)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(one) for one in findings.candidates)
    path = folder / f"return_fraud_candidates_{findings.as_of.isoformat()}.csv"
    with umask(PRIVATE_UMASK):
        folder.mkdir(parents=True, exist_ok=True)
        # What an interrupted report left would keep its mode.
        path.with_name(f"{path.name}.new").unlink(missing_ok=True)
        write_whole(path, text.getvalue())
    return path


def as_json(findings: Findings, options: FraudOptions, path: Path) -> str:
    """Return the summary as one JSON object."""
    summary = {
        "skill": SKILL,
        "store": options.store,
        "period_days": options.days_back,
        "customers_evaluated": findings.customers_evaluated,
        "flagged_candidates": len(findings.candidates),
        "by_rule": findings.by_rule,
        "output_file": str(path),
    }
    return json.dumps(summary, indent=2)


def print_summary(console: Console, findings: Findings, options: FraudOptions, path: Path) -> None:
    """Print the closing summary: counts, the first candidates, the file, and what to check."""

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    say("")
    say(f"SUMMARY of {options.store}, {options.days_back} days until {findings.as_of}")
    say(f"  Customers evaluated: {findings.customers_evaluated:,}")
    say(f"  Flagged candidates:  {len(findings.candidates):,}")
    for rule, count in findings.by_rule.items():
        say(f"    {rule}: {count:,}")
    if findings.candidates:
        say(f"  Top suspects by composite risk (of {len(findings.candidates):,}):")
        top = findings.candidates[:TOP]
        console.print(_top(top))
        say("  Why, and which orders:")
        for rank, one in enumerate(top, start=1):
            say(f"    {rank}. {one.why}")
            say(f"       {one.evidence}")
    say(f"  Output file: {shown(path)}")
    say("  Before acting, check:")
    for line in _BEFORE_ACTING:
        say(f"    - {line}")


def _top(candidates: list[Candidate]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    for name, justify in (
        ("#", "right"),
        ("Risk", "right"),
        ("Name", "left"),
        ("Email", "left"),
        ("Orders", "right"),
        ("Returns", "right"),
        ("Rate", "right"),
        ("Flags", "left"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for rank, one in enumerate(candidates, start=1):
        cells: tuple[Any, ...] = (
            rank,
            f"{one.risk_score:.1f}",
            one.name or "-",
            one.email or "-",
            one.orders,
            one.returns,
            f"{one.return_rate:.1%}",
            one.flags,
        )
        table.add_row(*(_plain(str(cell)) for cell in cells))
    return table


def _plain(text: str) -> str:
    """Take the markup out of a customer's own words."""
    from rich.markup import escape

    return escape(text)


def _row(one: Candidate) -> list[str]:
    spend = "" if one.lifetime_spend is None else f"{one.lifetime_spend:.2f}"
    cells = (
        one.customer_id,
        one.name,
        one.email,
        one.phone,
        one.orders,
        one.returns,
        f"{100 * one.return_rate:.1f}",
        one.wardrobed_orders,
        one.flags,
        spend,
        one.last_return_at.date().isoformat() if one.last_return_at else None,
        _tags(one.tags),
    )
    return [_safe("" if cell is None else str(cell)) for cell in cells]


def _safe(cell: str) -> str:
    """Keep a spreadsheet from running what a customer typed as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _tags(text: str | None) -> str | None:
    """Write a JSON array of tags as words; anything else stays as it is."""
    if not text:
        return None
    try:
        tags = json.loads(text)
    except ValueError:
        return text
    return ", ".join(map(str, tags)) if isinstance(tags, list) else text
