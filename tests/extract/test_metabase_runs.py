"""Runs after runs: what is asked again, what lands together, and what a dead run leaves."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest
from metabase_stub import (
    API_KEY,
    Stub,
    assert_nothing_landed,
    assert_whole,
    extract_shop,
    landed,
    settings_for,
)
from waiting import wait_until

from extract.cli import main
from extract.errors import ExtractError
from extract.metabase.queries import load_queries
from extract.metabase.tables import ORDER_ITEMS, ORDERS, REFUND_ITEMS, REFUNDS
from extract.runner import configured_sources

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stub(own_stub: Stub) -> Stub:
    return own_stub


def _ids(raw: Path, table: str, run_id: str | None) -> set[str]:
    return set(landed(raw, table, run_id)["order_id"].to_pylist())


def _later(hours: int) -> str:
    return f"(select max(updated_at) + to_hours({hours}) from refunds)"


# Windows


def test_a_second_run_asks_from_the_watermark_less_the_lookback(stub: Stub, raw: Path) -> None:
    first = extract_shop(stub, raw)
    second = extract_shop(stub, raw, metabase_lookback_days=0.5)
    assert first.manifest and first.manifest.window_covered and second.manifest
    assert second.manifest.window_asked and second.manifest.window_covered
    until = duckdb.execute(
        "select cast(? as timestamp) - interval 12 hours", [first.manifest.window_covered.until]
    ).fetchall()[0][0]
    assert second.manifest.window_asked.since == f"{until.isoformat()}Z"
    assert 0 < second.rows["orders"] < first.rows["orders"]
    assert second.manifest.window_covered.until == first.manifest.window_covered.until


def test_nothing_new_is_a_run_without_rows(stub: Stub, raw: Path) -> None:
    extract_shop(stub, raw)
    stub.connection.execute(f"update orders set updated_at = {_later(48)} where order_id = 1")
    extract_shop(stub, raw, metabase_lookback_days=0)
    third = extract_shop(stub, raw, metabase_lookback_days=0)
    assert set(third.rows.values()) == {0}
    stub.connection.execute(f"update orders set updated_at = {_later(96)} where order_id = 2")
    fourth = extract_shop(stub, raw, metabase_lookback_days=0)
    assert _ids(raw, "orders", fourth.run_id) == {"2"}


def test_another_database_begins_at_the_beginning(stub: Stub, raw: Path) -> None:
    extract_shop(stub, raw)
    other = extract_shop(stub, raw, metabase_name="another shop")
    assert other.rows["orders"] == 60
    assert other.manifest and other.manifest.origin == "another shop"


def test_an_earlier_first_day_is_filled_in(stub: Stub, raw: Path) -> None:
    late = extract_shop(stub, raw, metabase_since="2026-01-03")
    assert 0 < late.rows["orders"] < 60
    assert extract_shop(stub, raw, metabase_since="2026-01-03").rows["orders"] < 60
    extract_shop(stub, raw)
    assert len(_ids(raw, "orders", None)) == 60


def test_what_lies_between_two_first_days_is_read(stub: Stub, raw: Path) -> None:
    middle = "2026-01-02T12:00:00Z"
    stub.connection.execute(f"update orders set updated_at = {_later(48)} where order_id = 1")
    extract_shop(stub, raw, metabase_since="2026-01-06")
    assert "2" not in _ids(raw, "orders", None)
    again = extract_shop(stub, raw, metabase_since=middle)
    assert again.manifest and again.manifest.window_asked
    assert again.manifest.window_asked.since == middle


def test_a_row_from_the_future_hides_nothing(stub: Stub, raw: Path) -> None:
    stub.connection.execute(
        "update orders set updated_at = timestamp '2999-01-01' where order_id = 7"
    )
    first = extract_shop(stub, raw)
    assert_whole(stub, raw)
    assert [warning for warning in first.warnings if "in the future" in warning]
    now = "cast(now() at time zone 'UTC' as timestamp)"
    stub.connection.execute(f"update orders set updated_at = {now} where order_id = 8")
    second = extract_shop(stub, raw)
    assert _ids(raw, "orders", second.run_id) == {"7", "8"}


# What lands together


_CHANGES = (
    "update orders set status = 'x', updated_at = {later} where order_id = 9",
    "update order_items set quantity = 7, updated_at = {later} where order_item_id = 18",
    "update refunds set amount = 1, updated_at = {later} where order_id = 9",
    "update refund_items set amount = 1, updated_at = {later} where order_id = 9",
    "insert into refunds select refund_id + 1000, * exclude (refund_id) replace "
    "({later} as updated_at) from refunds where order_id = 9",
)


def test_an_order_lands_with_all_that_belongs_to_it(stub: Stub, raw: Path) -> None:
    extract_shop(stub, raw)
    for days, change in enumerate(_CHANGES, 1):
        stub.connection.execute(change.format(later=_later(24 * days)))
        run = extract_shop(stub, raw, metabase_lookback_days=0)
        for table in (ORDERS, ORDER_ITEMS, REFUNDS, REFUND_ITEMS):
            assert _ids(raw, table.name, run.run_id) == {"9"}, change
            now = stub.rows(f"select count(*) from {table.name} where order_id = 9")[0][0]
            assert run.rows[table.name] == now
        landed_at = landed(raw, "orders", run.run_id)["updated_at"][0].as_py()
        newest = stub.rows(
            "select max(updated_at) from (from orders select updated_at union all "
            "from order_items select updated_at union all "
            "from refunds select updated_at union all "
            "from refund_items select updated_at)"
        )
        assert landed_at == newest[0][0].isoformat() + "Z"


def test_rows_that_change_meanwhile_are_read_again(stub: Stub, raw: Path) -> None:
    changes = iter(
        ["update order_items set updated_at = timestamp '2026-02-01' where order_id = 5"]
    )

    def change(stub: Stub, sql: str) -> None:
        if "inner join refunds on" in sql:
            for statement in changes:
                stub.connection.cursor().execute(statement)

    stub.before_export = change
    first = extract_shop(stub, raw)
    # The order left the window while it was read, and lands whole in the next run.
    assert "5" not in _ids(raw, "orders", first.run_id)
    second = extract_shop(stub, raw, metabase_lookback_days=0)
    assert _ids(raw, "order_items", second.run_id) == {"5"}
    everything = landed(raw, "orders")["order_id"].to_pylist()
    assert sorted(everything) == sorted(set(everything)) and len(everything) == 60


def test_rows_that_change_all_the_time_end_the_run(stub: Stub, raw: Path) -> None:
    def change(stub: Stub, sql: str) -> None:
        if "from products" in sql:
            stub.connection.cursor().execute(
                "insert into products select max(product_id) + 1, 'x', 'x', null, null, "
                "timestamp '2026-01-01 12:00:00' from products"
            )

    stub.before_export = change
    with pytest.raises(ExtractError, match=r"products changed while they were read .* 5 times"):
        extract_shop(stub, raw)
    assert_nothing_landed(raw)


# Dead runs


def _environment(stub: Stub, raw: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "RAW_DIR": str(raw),
        "METABASE_URL": stub.url,
        "METABASE_API_KEY": API_KEY,
        "METABASE_DATABASE_ID": "1",
        "METABASE_NAME": "shop",
    }


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_lands_nothing_and_the_next_everything(
    stub: Stub, raw: Path, tmp_path: Path, kind: signal.Signals
) -> None:
    holds = threading.Event()

    def until_it_is_dead(_: Stub, sql: str) -> None:
        if "inner join orders on" in sql:
            holds.set()
            wait_until(lambda: process.poll() is not None)

    stub.before_export = until_it_is_dead
    with subprocess.Popen(
        [sys.executable, "-m", "extract", "metabase"],
        env=_environment(stub, raw),
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert holds.wait(60)
        assert list((raw / "metabase").glob(".partial-*/scratch/order_items"))
        process.send_signal(kind)
        _, told = process.communicate(timeout=120)
    stub.before_export = None
    assert process.returncode == (130 if kind == signal.SIGINT else -kind)
    assert "Traceback" not in told
    if kind == signal.SIGINT:
        assert_nothing_landed(raw)
    assert not list((raw / "metabase").glob("run=*"))
    extract_shop(stub, raw)
    assert_whole(stub, raw)
    assert not list((raw / "metabase").glob(".partial-*"))
    assert sorted(path.suffix for path in next((raw / "metabase").glob("run=*")).iterdir()) == [
        ".json",
        *[".parquet"] * 6,
    ]


# The dry run, and what is said


def test_a_dry_run_prints_sql_windows_and_counts(
    stub: Stub, raw: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in _environment(stub, raw).items():
        monkeypatch.setenv(name, value)
    assert main(["metabase", "--dry-run"]) == 0
    told = capsys.readouterr()
    assert "orders: 60 rows" in told.out
    assert "window 2026-01-01T00:36:59Z .. " in told.out
    for query in load_queries(settings_for(stub, raw).metabase_sql_dir):
        assert query.sql in told.out
    assert_nothing_landed(raw)
    assert API_KEY not in told.out + told.err
    assert stub.asked.count("/api/dataset/csv") == 1


def test_personal_data_and_secrets_are_not_told(
    stub: Stub, raw: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in _environment(stub, raw).items():
        monkeypatch.setenv(name, value)
    assert main(["metabase"]) == 0
    told = "".join(capsys.readouterr()) + str(settings_for(stub, raw))
    manifest = next((raw / "metabase").glob("run=*/manifest.json")).read_text()
    for secret in (API_KEY, "example.com", "Name 1", "said she"):
        assert secret not in told + manifest


def test_a_shop_is_a_source_of_business_data(calm_stub: Stub, raw: Path) -> None:
    assert configured_sources(settings_for(calm_stub, raw)) == ["metabase"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"metabase_url": "metabase.example.com"}, "METABASE_URL is no address"),
        ({"metabase_url": "https://me:word@metabase.example.com"}, "more than an address"),
        ({"metabase_api_key": None}, "METABASE_URL is set without METABASE_API_KEY"),
        ({"metabase_api_key": None, "metabase_username": "me"}, "without METABASE_API_KEY"),
        ({"metabase_database_id": None}, "METABASE_DATABASE_ID is not set"),
        ({"metabase_api_key": "mb_word\nword"}, "METABASE_API_KEY holds line breaks"),
        ({"metabase_api_key": "mb_w\u00f6rd"}, "METABASE_API_KEY holds line breaks or letters"),
        ({"metabase_since": "2999-01-01"}, "METABASE_SINCE lies in the future"),
        ({"metabase_sql_dir": Path("nowhere")}, "METABASE_SQL_DIR: nowhere/refund_items.sql"),
    ],
)
def test_half_a_configuration_is_refused(
    calm_stub: Stub, raw: Path, changes: dict[str, Any], says: str
) -> None:
    calm_stub.forget()
    with pytest.raises(ExtractError, match=says) as caught:
        extract_shop(calm_stub, raw, **changes)
    assert "word" not in str(caught.value)
    assert_nothing_landed(raw)
    assert not calm_stub.asked
