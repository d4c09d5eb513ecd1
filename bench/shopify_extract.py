"""Memory and CPU that the Shopify extractor takes, whatever the shop's own pace.

Run `python -m bench.shopify_extract --orders 1000000`; each way of reading is measured in a process
of its own.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click
from rich.console import Console

from bench.limits import Figure, show
from bench.shopify_shop import EndlessShop
from extract.landing import open_landing
from extract.progress import Reporter
from extract.settings import Settings
from extract.shopify.source import prepare_with
from extract.shopify.tables import CUSTOMERS, ORDERS, SOURCE_NAME, TABLES
from extract.sources import Options

PROJECT = Path(__file__).parents[1]
WAYS = ("pages", "bulk")
PEAK_MEGABYTES = 500.0
"""Of a million orders; memory is flat, so few orders have the same limit."""


@dataclass(frozen=True)
class Taken:
    """What one extraction took. Memory is the peak of what was resident."""

    how: str
    orders: int
    customers: int
    cpu_seconds: float
    peak_megabytes: int

    @property
    def cpu_seconds_per_100_000(self) -> float:
        """CPU seconds of this process for every 100,000 orders."""
        return self.cpu_seconds / self.orders * 100_000


def measure(how: str, orders: int) -> Taken:
    """Read an endless shop in a process of its own, landing in a folder that is thrown away."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.shopify_extract", "--orders", str(orders), "--inside", how],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return Taken(**json.loads(done.stdout))


def extract(how: Literal["pages", "bulk"], orders: int, folder: Path) -> Taken:
    """Read and land, and look at this process."""
    client = EndlessShop(orders)
    reporter = Reporter(quiet=True)
    begun = time.process_time()
    job = prepare_with(client, Settings(raw_dir=folder), Options(api=how), [], reporter)
    with open_landing(folder, SOURCE_NAME) as landing, landing.start_run(TABLES) as run:
        job.land(run, reporter)
        run.commit()
        landed = run.rows(ORDERS.name), run.rows(CUSTOMERS.name)
    seconds = time.process_time() - begun - client.feeding
    return Taken(how, *landed, round(seconds, 2), _peak_megabytes())


def _peak_megabytes() -> int:
    # ru_maxrss would start at what the parent held when it forked.
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    if found is None:
        raise click.ClickException("the peak of memory is read from /proc, which Linux has")
    return int(found[1]) // 1024


@click.command()
@click.option("--orders", type=click.IntRange(min=250), default=100_000, show_default=True)
@click.option("--inside", type=click.Choice(WAYS), hidden=True)
def main(orders: int, inside: Literal["pages", "bulk"] | None) -> None:
    """Measure the extraction of so many orders, and of as many customers."""
    if inside is not None:
        with tempfile.TemporaryDirectory() as folder:
            click.echo(json.dumps(asdict(extract(inside, orders, Path(folder)))))
        return
    figures = []
    for how in WAYS:
        taken = measure(how, orders)
        name = f"{how}, {taken.orders:,} orders"
        pace = taken.cpu_seconds_per_100_000
        figures += [
            Figure(f"{name}: peak of memory", taken.peak_megabytes, PEAK_MEGABYTES, "MB"),
            Figure(f"{name}: CPU for every 100,000", pace, None, "s"),
        ]
    show(figures, Console())


if __name__ == "__main__":
    main()
