"""Time and memory of the analytics marts over many order lines.

Writes core tables of a made-up retailer into a file of its own and runs the compiled SQL of every
analytics mart over them, model by model. Run `python -m bench.analytics_marts --lines 50000000`.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.table import Table

from bench.limits import Figure, show

PROJECT = Path(__file__).parents[1]
CORE = ("orders", "order_items", "refund_items", "return_items", "products", "users")
GIVEN = (*CORE, "int_orders__left_out")
BETWEEN = ("kpis", "scores", "reason_shares")
LEFT_OUT = ("reason_defaults",)
"""Rests on the wording of every refund, which core tables do not keep."""
AS_OF = "2026-10-31 00:00:00"
GIGABYTE = 10**9
SECONDS_FOR_50_MILLION = 600.0
PEAK_GIGABYTES = 8.0


class BenchmarkError(Exception):
    """The models could not be compiled; the message says why."""


@dataclass(frozen=True)
class Model:
    """A compiled model: where it goes and how."""

    name: str
    schema: str
    materialized: str
    sql: str


@dataclass(frozen=True)
class Taken:
    """What a model took: seconds on the clock and of all cores, and the process's peak in bytes.

    On a busy machine the clock says little: the seconds of the cores, divided by their number, are
    what a calm one takes at least. Views have no rows.
    """

    model: Model
    seconds: float
    core_seconds: float
    rows: int | None
    peak: int


def compiled(home: Path) -> list[Model]:
    """Return the models between core tables and analytics marts, each after those it reads."""
    environment = {**os.environ, "RAW_DIR": str(home / "raw"), "BUILD_DATABASE": str(_file(home))}
    target = home / "target"
    dbt = str(Path(sys.executable).parent / "dbt")
    folders = ("--target-path", str(target), "--log-path", str(home / "logs"))
    models = ("models/marts/analytics", *(f"models/intermediate/{name}" for name in BETWEEN))
    done = subprocess.run(
        [dbt, "compile", "--vars", json.dumps({"as_of": AS_OF}), *folders, "--select", *models],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"dbt compile failed:\n{done.stdout}\n{done.stderr}")
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return list(_in_order(manifest["nodes"]))


def _in_order(nodes: dict[str, Any]) -> Iterator[Model]:
    """Yield the models that are asked for, and before each what it reads."""
    done = {
        key
        for key, node in nodes.items()
        if node["resource_type"] != "model" or node["name"] in GIVEN
    }

    def needed(key: str) -> Iterator[Model]:
        if key in done:
            return
        done.add(key)
        node = nodes[key]
        for parent in node["depends_on"]["nodes"]:
            if parent in nodes:
                yield from needed(parent)
        folder = Path(node["path"]).parts[-2]
        if node["fqn"][1] == "intermediate" and folder not in BETWEEN:
            raise BenchmarkError(f"{node['name']} is read by an analytics mart: add it to BETWEEN")
        yield Model(
            node["name"], node["schema"], node["config"]["materialized"], node["compiled_code"]
        )

    for key, node in nodes.items():
        is_asked = node["resource_type"] == "model" and node["fqn"][1:3] == ["marts", "analytics"]
        if is_asked and node["name"] not in LEFT_OUT:
            yield from needed(key)


def _file(home: Path) -> Path:
    return home / "build.duckdb"


def prepare(
    connection: duckdb.DuckDBPyConnection, lines: int, products: int, customers: int
) -> None:
    """Write the core tables."""
    reasons = PROJECT / "seeds" / "reasons" / "reasons.csv"
    connection.execute("create schema if not exists seeds")
    connection.execute(
        "create table seeds.reasons as from read_csv(?, header = true)", [str(reasons)]
    )
    connection.execute("create temp view reasons as from seeds.reasons")
    settings = {"lines": lines, "products": products, "customers": customers}
    for name, value in settings.items():
        connection.execute(f"set variable {name} = {value:d}")
    connection.execute(f"set variable as_of = timestamp '{AS_OF}'")
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    for statement in connection.extract_statements(script):
        connection.execute(statement)
    connection.execute("checkpoint")


def run(connection: duckdb.DuckDBPyConnection, model: Model) -> Taken:
    """Build one model as dbt would."""
    connection.execute(f"create schema if not exists {model.schema}")
    name = f"{model.schema}.{model.name}"
    kind = "view" if model.materialized == "view" else "table"
    began, cores_began = time.perf_counter(), time.process_time()
    connection.execute(f"create {kind} {name} as {model.sql}")
    seconds, core_seconds = time.perf_counter() - began, time.process_time() - cores_began
    rows = None
    if kind == "table":
        ((rows,),) = connection.execute(f"select count(*) from {name}").fetchall()
    # Linux counts kibibytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Taken(model, seconds, core_seconds, rows, peak)


@click.command()
@click.option("--lines", type=click.IntRange(min=1_000), default=5_000_000, show_default=True)
@click.option("--products", type=click.IntRange(min=1), default=200_000, show_default=True)
@click.option("--customers", type=click.IntRange(min=1), default=5_000_000, show_default=True)
@click.option("--threads", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--memory", default="6GB", show_default=True, help="What DuckDB may hold.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where there is room to write.")
def main(
    lines: int, products: int, customers: int, threads: int, memory: str, folder: Path | None
) -> None:
    """Print what each analytics mart takes over so many order lines."""
    console, progress = Console(), Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="bench-marts-", dir=folder) as name:
        home = Path(name)
        try:
            models = compiled(home)
        except BenchmarkError as error:
            raise click.ClickException(str(error)) from None
        with duckdb.connect(str(_file(home))) as connection:
            connection.execute(f"set threads = {threads:d}")
            connection.execute("set memory_limit = ?", [memory])
            connection.execute("set preserve_insertion_order = false")
            connection.execute("set TimeZone = 'UTC'")
            began = time.perf_counter()
            prepare(connection, lines, products, customers)
            progress.print(f"core tables of {lines:,} lines: {time.perf_counter() - began:.0f} s")
            taken = []
            for model in models:
                taken.append(run(connection, model))
                progress.print(f"{model.name}: {taken[-1].seconds:.1f} s")
    console.print(_by_model(taken))
    show(_figures(taken, lines, threads), console)


def _by_model(taken: Sequence[Taken]) -> Table:
    table = Table("model", "rows", "seconds", "of cores", "peak GB so far")
    for each in taken:
        if each.rows is not None:
            spent = f"{each.seconds:.1f}", f"{each.core_seconds:.1f}"
            table.add_row(each.model.name, f"{each.rows:,}", *spent, f"{each.peak / GIGABYTE:.2f}")
    return table


def _figures(taken: Sequence[Taken], lines: int, threads: int) -> list[Figure]:
    name = f"{lines:,} order lines, {threads} threads"
    # Few lines have as many products and customers, whose scores take a quarter of the time.
    limit = SECONDS_FOR_50_MILLION * max(0.25, lines / 50_000_000)
    peak = max(each.peak for each in taken) / GIGABYTE
    return [
        Figure(f"{name}: on the clock", sum(each.seconds for each in taken), limit, "s"),
        Figure(f"{name}: of cores", sum(each.core_seconds for each in taken), limit * threads, "s"),
        Figure(f"{name}: peak of memory", peak, PEAK_GIGABYTES, "GB"),
    ]


if __name__ == "__main__":
    main()
