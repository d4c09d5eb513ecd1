import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import duckdb
import pytest
from dbt_shop import GOOD, make_shop
from handmade import ask, make_build
from rich.console import Console

from extract.errors import ExtractError
from extract.runner import SOURCES
from serve.build import build, check_database, landed_sources, run_dbt_command
from serve.errors import ServeError, one_line
from serve.publish import publish
from serve.workspace import Workspace

BAD = "select range % 2 as order_key, 1 as units_sold from range(6)"


@pytest.fixture(scope="module")
def shop(fast_folder: Path) -> Workspace:
    return make_shop(fast_folder / "shop")


@contextmanager
def _held(database: Path) -> Iterator[int]:
    hold = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with Popen([sys.executable, "-c", hold, str(database)], stdin=PIPE, stdout=PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        yield other.pid
        other.communicate()


def test_builds_tests_and_can_be_published_in_the_same_process(shop: Workspace) -> None:
    before = os.environ.get("RAW_DIR")
    report = build(replace(shop, as_of=None), {"floor": 7}, Console(file=StringIO()))
    assert (report.models, report.tests) == (1, 3)
    assert report.record.variables == {"floor": 7}
    assert report.record.warnings == [
        "test not_null_orders_units_sold: 2 rows found, kept in "
        "main_test_failures.not_null_orders_units_sold (models/marts/core/orders.yml)"
    ]
    assert shop.build_database.stat().st_mode & 0o777 == 0o600
    publish(shop)
    rows = ask(shop.warehouse_dir / "marts.duckdb", "select distinct floor, now, raw from orders")
    # Without an `as_of`, the record says which moment the models took as now.
    assert rows == [(7, f"{report.record.as_of:%Y-%m-%dT%H:%M:%S}", str(shop.raw_dir))]
    assert os.environ.get("RAW_DIR") == before


def test_a_failed_test_is_one_line_and_voids_the_build(shop: Workspace) -> None:
    model = shop.project_dir / "models" / "marts" / "core" / "orders.sql"
    other = model.with_name("units.sql")
    build(shop, console=Console(file=StringIO()))
    good = publish(shop).publication.publication_id
    model.write_text(BAD)
    other.write_text("select no_such_column from {{ ref('orders') }}")
    # Another shape than in the build before must not fail: a build knows no earlier one.
    (shop.project_dir / "seeds" / "places.csv").write_text("zone\nGST\n")
    try:
        with pytest.raises(ServeError, match="1 of 6 steps of the build failed") as failure:
            build(shop, console=Console(file=StringIO()))
    finally:
        model.write_text(GOOD)
        other.unlink()
    assert failure.value.exit_code == 1
    assert "1 steps were skipped" in str(failure.value)
    assert failure.value.details[0] == (
        "test unique_orders_order_key: 2 rows failed, kept in "
        "main_test_failures.unique_orders_order_key (models/marts/core/orders.yml)"
    )
    with pytest.raises(ServeError, match="failed or did not finish"):
        publish(shop)
    marts = shop.warehouse_dir / "marts.duckdb"
    assert ask(marts, "select publication_id from publication") == [(good,)]


def test_a_project_that_dbt_can_not_read_is_told_in_a_line(shop: Workspace) -> None:
    broken = shop.project_dir / "models" / "marts" / "core" / "units.sql"
    broken.write_text("select * from {{ ref('nowhere') }}")
    try:
        with pytest.raises(ServeError, match="dbt stopped before the build was done") as failure:
            build(shop, console=Console(file=StringIO()))
    finally:
        broken.unlink()
    assert len(failure.value.details) == 1
    assert "nowhere" in failure.value.details[0]


def test_a_dbt_command_that_fails_is_told_in_a_line(shop: Workspace) -> None:
    with pytest.raises(ServeError, match="dbt nonsense failed: No such command"):
        run_dbt_command(shop, ["nonsense"])


def test_a_build_file_that_another_process_holds_is_named(workspace: Workspace) -> None:
    make_build(workspace)
    with _held(workspace.build_database) as pid, pytest.raises(ServeError) as refusal:
        check_database(workspace.build_database)
    assert f"build.duckdb is open in process {pid}" in str(refusal.value)
    assert "close it there and try again" in str(refusal.value)
    check_database(workspace.build_database)


def test_a_damaged_build_file_may_be_deleted(tmp_path: Path) -> None:
    damaged = tmp_path / "build.duckdb"
    damaged.write_bytes(b"not DuckDB" * 1000)
    with pytest.raises(ServeError, match="delete it and build again"):
        check_database(damaged)


def test_opening_the_build_file_leaves_the_record_valid(workspace: Workspace) -> None:
    make_build(workspace)
    with duckdb.connect(str(workspace.build_database)) as connection:
        connection.execute("select count(*) from orders").fetchall()
    publish(workspace)


def test_a_source_without_any_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"nothing of source marketplace .*make extract"):
        landed_sources(tmp_path)


def test_what_landed_is_told_from_the_manifests(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC).isoformat()
    base: dict[str, Any] = {
        "extractor_version": "1",
        "started_at": moment,
        "finished_at": moment,
        "tables": {},
    }
    runs: dict[tuple[str, str], dict[str, Any]] = {
        **{(name, "20261101T000000000000Z"): {"is_empty_run": True} for name in SOURCES},
        ("rates", "20261101T000000000000Z"): {"window_covered": {"until": "2026-10-02"}},
        ("rates", "20261102T000000000000Z"): {"window_covered": {"until": "2026-10-31"}},
    }
    for (source, run_id), more in runs.items():
        folder = tmp_path / source / f"run={run_id}"
        folder.mkdir(parents=True)
        manifest = {**base, "source": source, "run_id": run_id, **more}
        (folder / "manifest.json").write_text(json.dumps(manifest))
    states = landed_sources(tmp_path)
    assert (states["marketplace"].runs, states["marketplace"].latest_run) == (0, None)
    assert states["rates"].runs == 2
    assert states["rates"].latest_run == "20261102T000000000000Z"
    assert states["rates"].covered_until == "2026-10-31"


def test_a_run_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "marketplace" / "run=20261101T000000000000Z").mkdir(parents=True)
    with pytest.raises(ExtractError, match=r"no manifest\.json"):
        landed_sources(tmp_path)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            "Runtime Error in model users\n"
            "  Conversion Error: Could not convert string 'Ann Lee' to INT32\n\n"
            "LINE 1: select 'Ann Lee'",
            "Runtime Error in model users Conversion Error: Could not convert string <value> to"
            " INT32",
        ),
        (
            'Constraint Error: Duplicate key "email: ann@x.org" violates primary key constraint.',
            "Constraint Error: Duplicate key <value> violates primary key constraint.",
        ),
        (
            'Invalid Input Error: Could not parse string "Ann"\nAnn\n^\nError: Expected a number',
            "Invalid Input Error: Could not parse string <value>",
        ),
        (
            'Binder Error: column "nope" not found\nLINE 1: nope /* ask ann.b+c@example.org */',
            'Binder Error: column "nope" not found LINE 1: nope /* ask <e-mail> */',
        ),
        ("x" * 5000, "x" * 399 + "…"),
    ],
)
def test_messages_of_databases_lose_the_values_they_quote(message: str, line: str) -> None:
    assert one_line(message) == line
