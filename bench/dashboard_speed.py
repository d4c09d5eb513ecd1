"""How fast the pages are: `python -m bench.dashboard_speed [--lines 10000000]`.

Draws a published warehouse of so many order lines, serves it as `make dashboard` does, and lets ten
people click from a process of their own. Prints per page the median and the 95th percentile of the
server's time against the limits, and the memory that the server came to hold. Exit code 1 when a
limit does not hold.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
import duckdb
from rich.console import Console
from rich.table import Table

from bench.made_up_marts import write_company

PROJECT = Path(__file__).parents[1]
MEDIAN_MS, P95_MS, RESIDENT_MB = 300, 1000, 512
_LINES_OF_A_PRODUCT, _LINES_OF_A_USER = 2_000, 5
_START_SECONDS = 60


def draw(warehouse: Path, lines: int) -> tuple[int, int]:
    """Write `marts.duckdb` in the tables of the contracts; return how many products and users."""
    warehouse.mkdir(parents=True, exist_ok=True)
    sizes = {
        "lines": lines,
        "products": max(lines // _LINES_OF_A_PRODUCT, 100),
        "users": max(lines // _LINES_OF_A_USER, 100),
    }
    connection = duckdb.connect(config={"temp_directory": str(warehouse / "spill")})
    connection.execute("set enable_progress_bar = false")
    database = warehouse / "marts.duckdb"
    database.unlink(missing_ok=True)
    connection.execute(f"attach '{database}' as published (storage_version 'v1.0.0')")
    connection.execute("use published.main")
    script = (Path(__file__).parent / "dashboard_company.sql").read_text(encoding="utf-8")
    write_company(connection, script, sizes)
    connection.execute("use memory")
    connection.execute("checkpoint published")
    connection.close()
    return sizes["products"], sizes["users"]


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """Serve the pages of a warehouse; yield their address and the id of the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "drop").mkdir(exist_ok=True)
    settings = {
        "MARKETPLACE_DIR": str(home / "drop"),
        "RAW_DIR": str(home / "raw"),
        "BUILD_DATABASE": str(home / "build.duckdb"),
        "WAREHOUSE_DIR": str(home / "warehouse"),
        "AS_OF": "2026-10-31",
    }
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "serve", "dashboard", "--port", str(port)],
            cwd=PROJECT,
            env=os.environ | settings,
            stdout=log,
            stderr=log,
        )
        try:
            deadline = time.monotonic() + _START_SECONDS
            while True:
                try:
                    with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                        break
                except (URLError, OSError):
                    if server.poll() is not None or time.monotonic() > deadline:
                        raise click.ClickException((home / "server.log").read_text()) from None
                    time.sleep(0.3)
            yield f"ws://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()
            server.wait(timeout=20)


def memory_mb(process: int, name: str) -> float:
    """Return a figure of a process's memory in MB, as Linux counts it: VmRSS or VmHWM."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.findall(rf"{name}:\s+(\d+)", status)[0]) / 1024


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@click.command()
@click.option("--lines", type=click.IntRange(min=10_000), default=10_000_000, show_default=True)
@click.option("--people", type=click.IntRange(min=1, max=50), default=10, show_default=True)
@click.option("--seconds", type=click.IntRange(min=5), default=60, show_default=True)
@click.option("--think", default=5.0, show_default=True, help="Seconds between clicks of a person.")
@click.option("--home", type=click.Path(path_type=Path), help="Keep the warehouse here.")
@click.option("--slowest", default=0, help="Also show so many of the slowest clicks.")
def main(
    lines: int, people: int, seconds: int, think: float, home: Path | None, slowest: int
) -> None:
    """Measure every page of the live dashboard under bounded load."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="dashboard-speed-") as scratch:
        folder = home or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        if not (folder / "warehouse" / "marts.duckdb").exists():
            draw(folder / "warehouse", lines)
        sizes = max(lines // _LINES_OF_A_PRODUCT, 100), max(lines // _LINES_OF_A_USER, 100)
        console.print(f"{lines:,} order lines in {time.perf_counter() - started:.0f} s")
        with served(folder) as (address, process):
            arguments = [address, people, seconds, think, *sizes]
            done = subprocess.run(
                [sys.executable, "-m", "bench.dashboard_clicks", *map(str, arguments)],
                cwd=PROJECT,
                capture_output=True,
                text=True,
                check=True,
            )
            resident, peak = memory_mb(process, "VmRSS"), memory_mb(process, "VmHWM")
    times: dict[str, list[float]] = defaultdict(list)
    clicks = [json.loads(line) for line in done.stdout.splitlines()]
    for name, taken, query in clicks:
        if name == "failed":
            raise click.ClickException(query)
        times[name].append(taken * 1000)
    missed = _report(console, times, resident, peak)
    for name, taken, query in sorted(clicks, key=lambda each: -each[1])[:slowest]:
        console.print(f"{taken * 1000:,.0f} ms {name} {query}", highlight=False)
    sys.exit(1 if missed else 0)


def _report(
    console: Console, times: dict[str, list[float]], resident: float, peak: float
) -> list[str]:
    table = Table("page", "clicks", f"median, ms (< {MEDIAN_MS})", f"95 %, ms (< {P95_MS:,})")
    missed = []
    for name, found in sorted(times.items()):
        ordered = sorted(found)
        median, p95 = _at(ordered, 0.5), _at(ordered, 0.95)
        table.add_row(name, f"{len(found)}", f"{median:,.0f}", f"{p95:,.0f}")
        if median >= MEDIAN_MS or p95 >= P95_MS:
            missed.append(name)
    if peak >= RESIDENT_MB:
        missed.append("memory")
    console.print(table)
    console.print(f"resident {resident:,.0f} MB, at most {peak:,.0f} MB (< {RESIDENT_MB})")
    console.print("not held: " + ", ".join(missed) if missed else "all limits hold")
    return missed


if __name__ == "__main__":
    main()
