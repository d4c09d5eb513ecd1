"""Fit the product ranking on four real months and hold it against the next two.

The months are a UK gift retailer's ledger (UCI Online Retail). Nothing in the warehouse is tuned to
them. Run `python -m bench.validate_ranking`; it writes docs/validation.md.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

PROJECT = Path(__file__).parents[1]
SHARED_DATA = Path(os.environ.get("SHARED_DATA_DIR", PROJECT.parent / "shared" / "data"))
TOP = 50
RANKINGS = {
    "raw rate": "refund_rate desc, units_sold desc",
    "empirical-Bayes rate": "eb_line_refund_rate desc",
    "excess lines over expectation": "lines_refunded - expected_lines_refunded desc",
    "product_refunds.refund_rank": "refund_rank",
}
_LATER = """
create temp table later as
select
    'sku:' || upper(trim(StockCode)) as product_key,
    count(*) filter (not starts_with(InvoiceNo, 'C') and cast(Quantity as bigint) > 0)
        as lines_sold,
    count(*) filter (starts_with(InvoiceNo, 'C')) as lines_cancelled,
    -sum(cast(Quantity as bigint)) filter (starts_with(InvoiceNo, 'C')) as units_cancelled
from read_csv(?, delim = '\t', quote = '', header = true, all_varchar = true)
group by all
"""
_FITTED = """
create temp table fitted as
select
    product_refunds.*,
    coalesce(later.lines_sold, 0) as later_lines,
    coalesce(later.lines_cancelled, 0) as later_cancelled,
    coalesce(later.units_cancelled, 0) as later_units_cancelled
from built.main.product_refunds
left join later using (product_key)
"""
_ERRORS = """
select
    sum(later_lines * power(found - line_refund_rate, 2)) / sum(later_lines),
    sum(later_lines * power(found - overall, 2)) / sum(later_lines),
    sum(later_lines * power(found - eb_line_refund_rate, 2)) / sum(later_lines),
    count(*)
from (
    select
        *,
        least(1, later_cancelled / later_lines) as found,
        (select sum(lines_refunded) / sum(lines_sold) from fitted) as overall
    from fitted
    where later_lines > 0
)
"""


@dataclass(frozen=True)
class Found:
    """Mean squared errors weighted by later lines, and what each ranking's first 50 hold."""

    products: int
    raw: float
    constant: float
    empirical_bayes: float
    held: dict[str, tuple[int, int]]
    all_lines: int
    all_units: int


class ValidationError(Exception):
    """The months are missing, or a step failed; the message says what to do."""


def validate(months: Path, fit_months: int) -> Found:
    """Build the warehouse on the first months alone and compare with the others."""
    files = sorted(months.glob("*.tsv.gz"))
    if len(files) <= fit_months:
        raise ValidationError(f"{months} holds {len(files)} months; set SHARED_DATA_DIR")
    with tempfile.TemporaryDirectory(prefix="validate-ranking-") as folder:
        home = Path(folder)
        drop = home / "drop"
        drop.mkdir()
        for file in files[:fit_months]:
            shutil.copy(file, drop)
        _build(home, drop, _month_of(files[fit_months]))
        return _compare(home / "build.duckdb", files[fit_months:])


def _month_of(file: Path) -> str:
    """Read the first day of a file's month from its name."""
    return f"{file.name.removesuffix('.tsv.gz')[-7:]}-01"


def _build(home: Path, drop: Path, as_of: str) -> None:
    environment = {
        **os.environ,
        "MARKETPLACE_DIR": "",
        "MARKETPLACE_FOLDERS": f"onbuy={drop}",
        "RAW_DIR": str(home / "raw"),
        "BUILD_DATABASE": str(home / "build.duckdb"),
        "WAREHOUSE_DIR": str(home / "warehouse"),
        "AS_OF": as_of,
        "SHOPIFY_STORE": "",
        "METABASE_URL": "",
    }
    models = ("--select", "+product_refunds", "--exclude-resource-type", "test")
    target = ("--exclude-resource-type", "unit_test", "--target-path", str(home / "target"))
    for step in (("extract", "all"), ("serve", "dbt", "build", *models, *target)):
        done = subprocess.run(
            [sys.executable, "-m", *step],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ValidationError(f"{' '.join(step)} failed:\n{done.stdout}\n{done.stderr}")


def _compare(built: Path, later_files: list[Path]) -> Found:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built}' as built (read_only)")
        connection.execute(_LATER, [[str(file) for file in later_files]])
        connection.execute(_FITTED)
        ((raw, constant, empirical_bayes, products),) = connection.execute(_ERRORS).fetchall()
        held = {
            name: connection.execute(
                "select sum(later_cancelled), sum(later_units_cancelled) from "
                f"(select * from fitted order by {order}, product_key limit {TOP})"
            ).fetchall()[0]
            for name, order in RANKINGS.items()
        }
        ((all_lines, all_units),) = connection.execute(
            "select sum(later_cancelled), sum(later_units_cancelled) from fitted"
        ).fetchall()
    return Found(products, raw, constant, empirical_bayes, held, all_lines, all_units)


def _document(found: Found, fit_months: int) -> str:
    rows = "\n".join(
        f"| {name} | {lines:,} | {lines / found.all_lines:.1%} | {units:,} |"
        for name, (lines, units) in found.held.items()
    )
    return f"""# Do the rankings hold for months that they have not seen?

Written by `make validate-ranking`: the warehouse is built on the first {fit_months} months of a
real ledger (UCI Online Retail) as if it were the day after them, and its `product_refunds` is held
against the months that follow.

Later share of cancelled lines of {found.products:,} products, mean squared error weighted by later
lines:

| predicted by | mean squared error |
|---|---|
| raw line rate | {found.raw:.6f} |
| one rate for all | {found.constant:.6f} |
| empirical-Bayes rate | {found.empirical_bayes:.6f} |

Cancellations of the following months that the first {TOP} products of each ranking hold, of
{found.all_lines:,} lines and {found.all_units:,} units:

| ranked by | later cancelled lines | of all | units |
|---|---|---|---|
{rows}
"""


@click.command()
@click.option(
    "--months", type=click.Path(path_type=Path), default=SHARED_DATA / "uci_online_retail"
)
@click.option("--fit-months", type=click.IntRange(min=1), default=4, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=PROJECT / "docs" / "validation.md")
def main(months: Path, fit_months: int, out: Path) -> None:
    """Print and write how well each ranking foretells the following months."""
    try:
        found = validate(months, fit_months)
    except ValidationError as error:
        raise click.ClickException(str(error)) from None
    errors = Table("predicted by", "mean squared error", title=f"{found.products:,} products")
    errors.add_row("raw line rate", f"{found.raw:.6f}")
    errors.add_row("one rate for all", f"{found.constant:.6f}")
    errors.add_row("empirical-Bayes rate", f"{found.empirical_bayes:.6f}")
    held = Table("ranked by", "later cancelled lines", "units", title=f"held by the first {TOP}")
    for name, (lines, units) in found.held.items():
        held.add_row(name, f"{lines:,}", f"{units:,}")
    console = Console()
    console.print(errors, held)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(_document(found, fit_months), encoding="utf-8")
    if found.empirical_bayes >= min(found.raw, found.constant):
        raise click.ClickException(
            "the empirical-Bayes rate does not beat the raw and constant one"
        )
    if found.held["product_refunds.refund_rank"][0] < 3 * found.held["raw rate"][0]:
        raise click.ClickException("the rank does not hold three times what the raw rate does")


if __name__ == "__main__":
    main()
