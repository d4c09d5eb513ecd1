"""The whole way against the demo Metabase: its generations, its limits, each of its faults."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from metabase_stub import assert_nothing_landed, landed

from demo import metabase
from extract.errors import ExtractError
from extract.metabase.source import METABASE
from extract.metabase.tables import QUERIED_TABLES
from extract.progress import Reporter
from extract.runner import run_source
from extract.settings import Settings
from extract.sources import Summary

LINES = 1_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("metabase") / "shop.duckdb"
    metabase.build_shop(path, lines=LINES)
    return path


@contextmanager
def _running(shop: Path, *faults: str, **options: Any) -> Iterator[metabase.MetabaseServer]:
    with metabase.running(
        lines=LINES, shop=shop, faults=faults, options=metabase.Options(**options)
    ) as server:
        yield server


def _extract(server: metabase.MetabaseServer, raw: Path, **changes: Any) -> Summary:
    known = {
        "raw_dir": raw,
        "metabase_url": server.url,
        "metabase_api_key": server.api_key,
        "metabase_database_id": server.database_id,
        "metabase_name": "desertcart",
        "metabase_retry_seconds": 0.01,
        "metabase_page_rows": 700,
    }
    return run_source(METABASE, Settings(**{**known, **changes}), Reporter(quiet=True))


def _assert_whole(server: metabase.MetabaseServer, raw: Path) -> None:
    counts = server.table_counts()
    for table in QUERIED_TABLES:
        keys = landed(raw, table.name)[table.key].to_pylist()
        assert len(keys) == len(set(keys)) == counts[table.name], table.name


def test_every_order_lands_with_the_units_and_subunits_it_was_drawn_with(
    shop: Path, raw: Path
) -> None:
    with _running(shop) as server:
        _extract(server, raw)
        _assert_whole(server, raw)
        truth = server.truth()
    orders = {int(row["order_id"]): row for row in landed(raw, "orders").to_pylist()}
    assert set(orders) == set(truth)
    shipping: Counter[int] = Counter()
    lines: Counter[int] = Counter()
    units: Counter[int] = Counter()
    for item in landed(raw, "order_items").to_pylist():
        if item["is_gift_card"] == "false":
            lines[int(item["order_id"])] += int(item["line_amount"])
            units[int(item["order_id"])] += int(item["quantity"])
    refunds: Counter[tuple[int, str]] = Counter()
    for refund in landed(raw, "refunds").to_pylist():
        if refund["refunded_at"]:
            key = int(refund["order_id"]), refund["currency"]
            refunds[key] += int(refund["amount"])
    for order_id, expected in truth.items():
        order = orders[order_id]
        shipping[order_id] += int(order["shipping_amount"])
        assert order["currency"] == expected.currency
        assert units[order_id] == expected.units_ordered
        assert lines[order_id] == expected.line_amount
        paid: Counter[str] = Counter()
        for refund_truth in expected.refunds:
            if refund_truth.is_paid:
                amount = refund_truth.item_amount + refund_truth.shipping_amount
                paid[refund_truth.currency] += amount
        for currency, amount in paid.items():
            assert refunds[order_id, currency] == amount


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_by_key_or_by_session_and_in_any_time_zone(shop: Path, raw: Path, generation: int) -> None:
    with _running(shop, generation=generation, report_timezone="Asia/Dubai") as server:
        _extract(
            server,
            raw,
            metabase_api_key=None,
            metabase_username=server.username,
            metabase_password=server.password,
        )
        _assert_whole(server, raw)
        assert server.requests["POST /api/session"] == 1
        midnight = landed(raw, "products")["updated_at"].to_pylist()
        assert all(moment.endswith("Z") and "T" in moment for moment in midnight)


# What each fault comes to: whole data, or one line that says this.
_FAULTS = {
    "error_in_200": None,
    "error_in_202": None,
    "csv_json_error_tail": None,
    "cut_stream": None,
    "quiet_cut": None,
    "gzip_cut": None,
    "http_400": "refused",
    "http_401_expired_session": None,
    "http_403": "may not be queried",
    "http_404": "may not be queried",
    "http_500": None,
    "http_503_pool": None,
    "login_rate_limited": None,
    "query_timeout=400": None,
    "proxy_timeout=400": None,
    "silent_cap=250": None,
    "rows_change_during_extraction": None,
    "downloads_forbidden": None,
    "slow=0.02": None,
}
# Those that look different in the newest generation of Metabase and in the oldest.
_GENERATIONS = dict.fromkeys(("csv_json_error_tail", "http_400", "query_timeout=400"), (1, 3))
_LASTING = (
    "error_in_200",
    "error_in_202",
    "csv_json_error_tail",
    "cut_stream",
    "gzip_cut",
    "http_500",
    "http_503_pool",
    "rows_change_during_extraction",
)


def test_every_fault_of_the_demo_is_tried() -> None:
    assert {name.split("=")[0] for name in _FAULTS} == set(metabase.KINDS)


@pytest.mark.parametrize(
    ("fault", "generation"),
    [(fault, generation) for fault in _FAULTS for generation in _GENERATIONS.get(fault, (2,))],
)
def test_with_a_fault_all_lands_or_nothing(
    shop: Path, raw: Path, fault: str, generation: int
) -> None:
    with _running(shop, fault, generation=generation) as server:
        access = {
            "metabase_api_key": None,
            "metabase_username": server.username,
            "metabase_password": server.password,
            "metabase_since": "2025-10-30",
        }
        try:
            _extract(server, raw, **access)
        except ExtractError as error:
            assert "\n" not in str(error)
            assert _FAULTS[fault] is not None or fault.startswith("error_in"), str(error)
            assert (_FAULTS[fault] or "") in str(error)
            assert_nothing_landed(raw)
        else:
            assert _FAULTS[fault] is None
            if fault == "rows_change_during_extraction":
                # What changed behind the end of the window comes next time.
                _extract(server, raw, **access, metabase_lookback_days=0)
                orders = landed(raw, "orders")["order_id"].to_pylist()
                assert set(orders) == {str(order_id) for order_id in server.truth()}
            else:
                _assert_whole(server, raw)
        assert server.faults[fault.split("=")[0]] > 0


@pytest.mark.parametrize("fault", _LASTING)
def test_a_fault_without_an_end_lands_nothing(shop: Path, raw: Path, fault: str) -> None:
    with _running(shop, f"{fault}=always") as server, pytest.raises(ExtractError) as caught:
        _extract(server, raw)
    assert "\n" not in str(caught.value)
    assert_nothing_landed(raw)
