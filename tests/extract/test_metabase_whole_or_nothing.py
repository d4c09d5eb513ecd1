"""Whatever Metabase does to an answer: all rows land, or one clear line and nothing."""

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from metabase_stub import (
    Handler,
    Stub,
    assert_nothing_landed,
    assert_whole,
    changed_csv,
    extract_shop,
    failed_query,
    landed,
    on_answers,
    on_exports,
    once,
    status,
)

from extract.errors import ExtractError

Fault = Callable[[Handler, dict[str, Any]], bool]


@pytest.fixture(scope="module")
def stub_orders() -> int:
    return 300


def test_every_cell_comes_as_the_database_has_it(stub: Stub, raw: Path) -> None:
    extract_shop(stub, raw)
    assert_whole(stub, raw)
    note = landed(raw, "refunds")["note"][0].as_py()
    assert note == 'line one\n{"looks": "like an error"}, said she'


def test_requests_are_what_metabase_asks_for(stub: Stub, raw: Path) -> None:
    extract_shop(stub, raw)
    assert {headers["Connection"] for headers in stub.headers} == {"close"}
    assert {headers["Accept-Encoding"] for headers in stub.headers} == {"gzip"}
    # One without rows, to see that exports are open, and one a table.
    assert stub.asked.count("/api/dataset/csv") == 7


# Bodies


def _cut_in_a_row(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3].rstrip(b"\n")


def _cut_after_a_row(content: bytes) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join(lines[: len(lines) * 2 // 3]) + b"\n"


def _json_tail(content: bytes) -> bytes:
    error = {"via": [], "status": "failed", "error": "an I/O error in the database"}
    return content[: len(content) // 2] + json.dumps(error).encode()


def _json_line(content: bytes) -> bytes:
    # As many fields as a product has columns, so that a careless parser would take it for one.
    return content + b'{"a":1,"b":2,"c":3,"d":4,"e":5,"error":"gone"}\n'


def _raw(shape: Callable[[bytes], tuple[bytes, int | None, str]]) -> Fault:
    def act(handler: Handler, body: dict[str, Any]) -> bool:
        handler.reply_raw(*shape(handler.csv(body)))
        return True

    return on_exports(act)


_BODIES: dict[str, Fault] = {
    "cut in a row": changed_csv(_cut_in_a_row),
    "cut inside quotes": changed_csv(lambda content: content + b'1,"half a value\n'),
    "a row too short": changed_csv(lambda content: content + b"1,2\n"),
    "JSON error in the middle of a row": changed_csv(_json_tail),
    "JSON error as a row": changed_csv(_json_line),
    "JSON error with 200": on_exports(failed_query("connection is closed", 200)),
    "no body": changed_csv(lambda _: b""),
    "not UTF-8": changed_csv(lambda content: content + b"\xff" * 5 + b"\n"),
    "gzip without an end": _raw(lambda content: (gzip.compress(content)[:-9], None, "gzip")),
    "gzip damaged": _raw(lambda content: (b"\x1f\x8b" + b"x" * len(content), None, "gzip")),
    "shorter than announced": _raw(lambda content: (content[:-30], len(content), "")),
    "closed at once": _raw(lambda content: (b"", len(content), "")),
    "answer is no JSON": on_answers(lambda handler, _: handler.reply(200, b"{", {}) is None),
    "answer contradicts its row_count": on_answers(
        status(202, {"status": "completed", "row_count": 3, "data": {"rows": [], "cols": []}})
    ),
    "answer failed in passing, 202": on_answers(failed_query("connection is closed")),
    "500": status(500, {"message": "out of memory"}),
    "503": status(503, Retry_After="0"),
    "502": status(502),
    "429": status(429, Retry_After="0"),
}


def test_passing_faults_cost_a_repeat(stub: Stub, raw: Path) -> None:
    left = list(_BODIES.values())

    def every_second(handler: Handler, body: dict[str, Any]) -> bool:
        acting = [] if len(stub.asked) % 2 else left
        struck = next((fault for fault in acting if fault(handler, body)), None)
        if struck:
            left.remove(struck)
        return struck is not None

    stub.faults = [every_second]
    extract_shop(stub, raw, metabase_page_rows=12)
    assert_whole(stub, raw)
    assert not left


@pytest.mark.parametrize("name", _BODIES)
def test_a_lasting_fault_lands_nothing(stub: Stub, raw: Path, name: str) -> None:
    stub.faults = [_BODIES[name]]
    with pytest.raises(ExtractError) as caught:
        extract_shop(stub, raw)
    assert "\n" not in str(caught.value)
    assert "5 times in a row" in str(caught.value)
    assert_nothing_landed(raw)


def test_rows_cut_off_cleanly_are_fetched(stub: Stub, raw: Path) -> None:
    stub.wraps = ""
    stub.faults = [once(changed_csv(_cut_after_a_row), times=2, after=1)]
    extract_shop(stub, raw)
    assert_whole(stub, raw)


# Row limits


@pytest.mark.parametrize("exports", [70, 299])
def test_a_silent_limit_of_exports_is_read_past(stub: Stub, raw: Path, exports: int) -> None:
    stub.export_rows = exports
    extract_shop(stub, raw)
    assert_whole(stub, raw)


def test_a_limit_of_one_row_is_read_past(own_stub: Stub, raw: Path) -> None:
    own_stub.export_rows = 1
    for table in ("customers", "products", "orders", "order_items", "refunds", "refund_items"):
        column = {"customers": "customer_id", "products": "product_id"}.get(table, "order_id")
        own_stub.connection.execute(f"delete from {table} where {column} > 3")
    extract_shop(own_stub, raw)
    assert_whole(own_stub, raw)


def test_answers_stay_below_their_limit(own_stub: Stub, raw: Path) -> None:
    stub = own_stub
    stub.connection.execute(
        "insert into customers select n, null, null, null, null, timestamp '2026-01-01', "
        "timestamp '2026-01-01' from range(100, 6100) as s(n)"
    )
    stub.faults = [on_exports(status(403, "You don't have permissions to do that."))]
    summary = extract_shop(stub, raw)
    assert_whole(stub, raw)
    assert [warning for warning in summary.warnings if "exports are closed" in warning]
    assert stub.asked.count("/api/dataset/csv") == 1


@pytest.mark.parametrize("code", [403, 405])
def test_without_exports_answers_do(stub: Stub, raw: Path, code: int) -> None:
    stub.faults = [on_exports(status(code))]
    stub.answer_rows = 90
    extract_shop(stub, raw)
    assert_whole(stub, raw)


def test_rows_that_never_come_are_missed(stub: Stub, raw: Path) -> None:
    drop_last = changed_csv(lambda content: content.split(b"\n")[0] + b"\n")
    stub.faults = [once(drop_last, times=10_000)]
    with pytest.raises(ExtractError, match=r"100 rows counted, 0 came in .*; nothing was landed"):
        extract_shop(stub, raw)
    assert_nothing_landed(raw)


def test_a_page_that_repeats_is_no_progress(stub: Stub, raw: Path) -> None:
    stub.wraps = ""
    first: list[bytes] = []

    def same_again(content: bytes) -> bytes:
        if content.count(b"\n") > 1:
            first.append(content)
        return first[0] if first else content

    stub.faults = [changed_csv(same_again)]
    with pytest.raises(ExtractError, match="not ordered by changed_at"):
        extract_shop(stub, raw, metabase_page_rows=50)
    assert_nothing_landed(raw)


def test_a_row_twice_in_place_of_another_is_missed(stub: Stub, raw: Path) -> None:
    def again(content: bytes) -> bytes:
        # Text ids in one order, compared in another: as many rows as counted, and not all of them.
        lines = content.split(b"\n")
        if b"sku" not in lines[0] or len(lines) < 4:
            return content
        return b"\n".join([*lines[:-2], lines[-3], b""])

    stub.wraps = ""
    stub.faults = [changed_csv(again)]
    with pytest.raises(ExtractError, match="came twice in one window"):
        extract_shop(stub, raw)
    assert_nothing_landed(raw)


# Timeouts


def _wide(days: int, fault: Fault) -> Fault:
    """Let queries of more than so many days time out."""

    def act(handler: Handler, body: dict[str, Any]) -> bool:
        query = body.get("query", body)
        values = {one["id"]: one["value"] for one in query["parameters"]}
        sql = "select cast(? as timestamp) - cast(? as timestamp) > to_days(?)"
        asked = [values["until"], values["since"], days]
        is_wide = handler.stub.connection.cursor().execute(sql, asked).fetchall()[0][0]
        return bool(is_wide) and fault(handler, body)

    return act


_TIMEOUTS = {
    "database": failed_query("ERROR: canceling statement due to statement timeout"),
    "Metabase": failed_query("Timed out after 20.0 minutes.", 400),
    "proxy": status(504),
    "500": status(500, {"message": "Query timed out"}),
}


@pytest.mark.parametrize("name", _TIMEOUTS)
def test_without_a_first_day_a_timeout_asks_for_one(stub: Stub, raw: Path, name: str) -> None:
    stub.faults = [_wide(400, _TIMEOUTS[name])]
    with pytest.raises(ExtractError, match="METABASE_SINCE: counting all rows at once took"):
        extract_shop(stub, raw)
    assert_nothing_landed(raw)


def test_windows_shrink_until_they_are_answered(stub: Stub, raw: Path) -> None:
    stub.faults = [_wide(20, fault) for fault in _TIMEOUTS.values()]
    summary = extract_shop(stub, raw, metabase_since="2025-12-31T12:00:00Z")
    assert_whole(stub, raw)
    assert summary.manifest and summary.manifest.window_covered
    assert summary.manifest.window_covered.since == "2025-12-31T12:00:00Z"


def _with_rows(fault: Fault) -> Fault:
    """Leave alone what only looks at the columns."""

    def act(handler: Handler, body: dict[str, Any]) -> bool:
        values = {one["id"]: one["value"] for one in body.get("query", body)["parameters"]}
        return values["until"] > "1950" and fault(handler, body)

    return on_exports(act)


def test_a_query_that_is_slow_whatever_the_window_ends_the_run(stub: Stub, raw: Path) -> None:
    stub.faults = [_with_rows(status(504))]
    with pytest.raises(ExtractError, match=r"still took too long .*; index updated_at"):
        extract_shop(stub, raw)
    assert_nothing_landed(raw)


def test_a_server_that_answers_nothing_in_time_ends_the_run(stub: Stub, raw: Path) -> None:
    stub.faults = [status(504)]
    with pytest.raises(ExtractError, match="not even an empty window was answered in time"):
        extract_shop(stub, raw)
    assert_nothing_landed(raw)


def test_a_server_that_falls_silent_is_slow(stub: Stub, raw: Path) -> None:
    def silent(_handler: Handler, _body: dict[str, Any]) -> bool:
        time.sleep(5)
        return True

    stub.faults = [_with_rows(once(silent))]
    extract_shop(stub, raw, metabase_timeout_seconds=4)
    assert_whole(stub, raw)
