"""A small Metabase that misbehaves on demand, over DuckDB tables of the example schema."""

import csv
import gzip
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from http_stub import serving

from extract.metabase.source import METABASE
from extract.metabase.tables import ORDERS, QUERIED_TABLES, QueriedTable
from extract.progress import Reporter
from extract.runner import run_source
from extract.settings import Settings
from extract.sources import Summary

SCHEMA = Path(__file__).resolve().parents[2] / "extract" / "metabase" / "example_schema.sql"
API_KEY = "mb_not-a-real-key"
PASSWORD = "not-a-real-password"
_TYPES = {
    "BIGINT": "type/BigInteger",
    "INTEGER": "type/Integer",
    "VARCHAR": "type/Text",
    "TIMESTAMP": "type/DateTime",
    "DOUBLE": "type/Float",
}


@dataclass
class Stub:
    """The server's state. `faults` are tried in turn on each query, the first that fits acts.

    A fault gets the handler and the query's body and says whether it answered.
    """

    connection: duckdb.DuckDBPyConnection
    url: str = ""
    answer_rows: int = 2_000
    export_rows: int = 1_048_575
    wraps: str = "gzip"
    faults: list[Callable[["Handler", dict[str, Any]], bool]] = field(default_factory=list)
    before_export: Callable[["Stub", str], None] | None = None
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    logins: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def forget(self) -> None:
        """Behave well again, so that the next test may use the same server."""
        self.answer_rows, self.export_rows, self.wraps = 2_000, 1_048_575, "gzip"
        self.faults, self.before_export, self.logins = [], None, 0
        self.asked.clear()
        self.headers.clear()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.cursor().execute(sql).fetchall()


def once(fault: Callable[["Handler", dict[str, Any]], bool], times: int = 1, after: int = 0) -> Any:
    """Let a fault act on so many of the queries that it fits, once `after` have gone by."""
    left, waits = [times], [after]

    def act(handler: "Handler", body: dict[str, Any]) -> bool:
        if left[0] <= 0:
            return False
        if waits[0] > 0:
            waits[0] -= 1
            return False
        # Counted before it answers: once it has, the next query may come before this one returns.
        left[0] -= 1
        acted = fault(handler, body)
        left[0] += not acted
        return acted

    return act


def on_exports(fault: Callable[["Handler", dict[str, Any]], bool]) -> Any:
    return lambda handler, body: handler.path.endswith("/csv") and fault(handler, body)


def on_answers(fault: Callable[["Handler", dict[str, Any]], bool]) -> Any:
    return lambda handler, body: handler.path == "/api/dataset" and fault(handler, body)


def status(code: int, text: Any = "", **headers: str) -> Any:
    def act(handler: "Handler", _: dict[str, Any]) -> bool:
        handler.reply(code, json.dumps(text).encode(), headers)
        return True

    return act


def failed_query(message: str, code: int = 202) -> Any:
    body = {"status": "failed", "error": message, "data": {"rows": [], "cols": []}, "row_count": 0}
    return status(code, body)


def changed_csv(change: Callable[[bytes], bytes]) -> Any:
    """Answer an export with its own CSV, changed."""

    def act(handler: "Handler", body: dict[str, Any]) -> bool:
        handler.reply(200, change(handler.csv(body)), {"Content-Type": "text/csv"})
        return True

    return on_exports(act)


class Handler(BaseHTTPRequestHandler):
    stub: Stub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        with self.stub.lock:
            self.stub.asked.append(self.path)
            self.stub.headers.append(dict(self.headers))
        self.close_connection = True
        if self.path == "/api/session":
            self.stub.logins += 1
            if any(fault(self, body) for fault in self.stub.faults):
                return
            is_right = body["password"] == PASSWORD
            content = {"id": f"token-{self.stub.logins}"} if is_right else {"errors": {}}
            return self.reply(200 if is_right else 401, json.dumps(content).encode(), {})
        token = self.headers.get("X-Metabase-Session")
        if self.headers.get("x-api-key") != API_KEY and token != f"token-{self.stub.logins}":
            return self.reply(401, b'"Unauthenticated"', {})
        if any(fault(self, body) for fault in self.stub.faults):
            return None
        query = body["query"] if self.path.endswith("/csv") else body
        if self.path.endswith("/csv"):
            if self.stub.before_export:
                self.stub.before_export(self.stub, query["native"]["query"])
            assert body["format_rows"] is False
            return self.reply(200, self.csv(body), {"Content-Type": "text/csv"})
        return self.answer(query)

    def execute(self, query: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        values = {one["target"][1][1]: one["value"] for one in query["parameters"]}
        assert set(values) == set(query["native"]["template-tags"])
        used: list[Any] = []

        def bind(match: re.Match[str]) -> str:
            used.append(values[match[1]])
            return "?"

        sql = re.sub(r"\{\{(\w+)\}\}", bind, query["native"]["query"])
        return self.stub.connection.cursor().execute(sql, used)

    def csv(self, body: dict[str, Any]) -> bytes:
        result = self.execute(body["query"])
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column[0] for column in result.description])
        writer.writerows(result.fetchmany(self.stub.export_rows))
        return text.getvalue().encode()

    def answer(self, query: dict[str, Any]) -> None:
        try:
            result = self.execute(query)
            rows = result.fetchmany(self.stub.answer_rows)
        except duckdb.Error as error:
            return void(failed_query(str(error))(self, query))
        cols = [
            {"name": name, "base_type": _TYPES.get(str(kind), "type/Decimal")}
            for name, kind, *_ in result.description
        ]
        content = {
            "status": "completed",
            "row_count": len(rows),
            "data": {"rows": rows, "cols": cols},
        }
        return self.reply(202, json.dumps(content, default=str).encode(), {})

    def reply(self, code: int, content: bytes, headers: dict[str, str]) -> None:
        if code < 300 and self.stub.wraps == "gzip":
            content = gzip.compress(content, 1)
            headers = {**headers, "Content-Encoding": "gzip"}
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def reply_raw(self, content: bytes, announced: int | None, encoding: str = "") -> None:
        """Answer 200 with exactly these bytes, whatever length is announced, and hang up."""
        self.send_response(200)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        if announced is not None:
            self.send_header("Content-Length", str(announced))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


def void(_: object) -> None:
    """Forget a result."""


def small_shop(connection: duckdb.DuckDBPyConnection, orders: int) -> None:
    """Fill the example schema: two items an order, a refund for every third."""
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
    at = "timestamp '2026-01-01' + to_minutes(n * 37) + to_microseconds(n % 3 * 250)"
    later = f"{at} + to_hours(n % 90)"
    connection.execute(
        f"""
        insert into customers select n, 'Name ' || n, 'c' || n || '@example.com', null, 'AE',
            {at}, {at} from range(1, 41) as s(n);
        insert into products select n, 'SKU-' || n, 'A "thing", no. ' || n, 'Home', null, {at}
            from range(1, 21) as s(n);
        insert into orders select n, 'D' || n, n % 40 + 1, {at}, {later}, {later}, null,
            'delivered', n % 50 = 0, 'KWD', 30000, 0, 1000, 0, 31000
            from range(1, {orders} + 1) as s(n);
        insert into order_items select n * 2 + i, n, n % 20 + 1, 'SKU-' || (n % 20 + 1), 'A thing',
            1 + i, 0, 10000, 0, 10000 * (1 + i), 'KWD', 'delivered', false, {at}
            from range(1, {orders} + 1) as s(n), range(2) as t(i);
        insert into refunds select n, n, n % 40 + 1, {later}, {later} + interval 2 days,
            {later} + interval 2 days, 'refunded', 'return', 'KWD', 10000, 0, 'too small',
            'line one' || chr(10) || '{{"looks": "like an error"}}, said she'
            from range(3, {orders} + 1, 3) as s(n);
        insert into refund_items select n, n, n, n * 2, 1, 10000, true, {later}, null, {later}
            from range(3, {orders} + 1, 3) as s(n);
        """
    )


@contextmanager
def small_stub(orders: int) -> Iterator[Stub]:
    """Serve a small shop of its own until the block ends."""
    # More threads than one cost these few rows more than they gain.
    with duckdb.connect(config={"threads": 1}) as connection:
        small_shop(connection, orders)
        with stub_running(connection) as stub:
            yield stub


@contextmanager
def stub_running(connection: duckdb.DuckDBPyConnection) -> Iterator[Stub]:
    """Serve until the block ends."""
    stub = Stub(connection)
    handler = type("Handler_", (Handler,), {"stub": stub})
    with serving(handler) as address:
        stub.url = address
        yield stub


def settings_for(stub: Stub, raw: Path, **changes: Any) -> Settings:
    known = {
        "raw_dir": raw,
        "metabase_url": stub.url,
        "metabase_api_key": API_KEY,
        "metabase_database_id": 1,
        "metabase_name": "shop",
        "metabase_retry_seconds": 0.001,
    }
    return Settings(**{**known, **changes})


def extract_shop(stub: Stub, raw: Path, **changes: Any) -> Summary:
    return run_source(METABASE, settings_for(stub, raw, **changes), Reporter(quiet=True))


def landed(raw: Path, table: str, run_id: str | None = None) -> pa.Table:
    paths = sorted((raw / "metabase").glob(f"run={run_id or '*'}/{table}.parquet"))
    return pa.concat_tables([pq.read_table(path, partitioning=None) for path in paths])


def landed_rows(raw: Path, table: QueriedTable, run_id: str | None = None) -> list[tuple[Any, ...]]:
    columns = landed(raw, table.name, run_id).select([one.name for one in table.columns])
    return sorted(zip(*(column.to_pylist() for column in columns.columns), strict=True))


def true_rows(stub: Stub, table: QueriedTable) -> list[tuple[Any, ...]]:
    """Read the table's own columns straight from the database, as text."""
    moments = {one.name for one in table.columns if one.kind == "moment"}
    columns = ", ".join(
        f"strftime({one.name}, '%Y-%m-%dT%H:%M:%S.%f')"
        if one.name in moments
        else f"cast({one.name} as varchar)"
        for one in table.columns
    )
    return sorted(stub.rows(f"select {columns} from {table.name}"))


def assert_whole(stub: Stub, raw: Path, run_id: str | None = None) -> None:
    """Hold every landed cell against the database; an order's updated_at is its latest change."""
    for table in QUERIED_TABLES:
        found = landed_rows(raw, table, run_id)
        wanted = true_rows(stub, table)
        at = [one.name for one in table.columns].index("updated_at")
        kinds = [one.kind for one in table.columns]
        shaped = [
            tuple(
                full_moment(value) if kind == "moment" and value else value
                for kind, value in zip(kinds, row, strict=True)
            )
            for row in found
        ]
        if table is ORDERS:
            shaped = [(*row[:at], *row[at + 1 :]) for row in shaped]
            wanted = [(*row[:at], *row[at + 1 :]) for row in wanted]
        assert sorted(shaped) == sorted(wanted), table.name


def full_moment(text: str) -> str:
    seconds, _, decimals = text.removesuffix("Z").partition(".")
    return f"{seconds}.{decimals:0<6}"


def assert_nothing_landed(raw: Path) -> None:
    assert not [path for path in (raw / "metabase").iterdir() if path.name != ".lock"]
