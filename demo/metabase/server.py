"""Starts and stops a demo Metabase."""

import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import click
import duckdb

from demo.api import DEFAULT_LINES, DEFAULT_SEED
from demo.company import AS_OF
from demo.errors import DemoError
from demo.metabase.accounts import Accounts
from demo.metabase.changes import Changes
from demo.metabase.faults import Faults
from demo.metabase.handler import Handler
from demo.metabase.options import Options
from demo.metabase.planned import PLANNED_ORDERS
from demo.metabase.service import Service
from demo.metabase.shop import TABLES, build_company_shop, build_volume_shop, open_shop
from demo.metabase.truth import OrderTruth, company_truth, planned_truth

API_KEY = "mb_demo_key_of_a_made_up_shop"
USERNAME = "reader@example.com"
PASSWORD = "demo-password-7"


class HttpServer(ThreadingHTTPServer):
    """The listening socket, and what its handlers need."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        address: tuple[str, int],
        shop: duckdb.DuckDBPyConnection,
        options: Options,
        faults: Faults,
    ) -> None:
        self.options = options
        self.faults = faults
        self.changes = Changes(shop)
        self.accounts = Accounts(
            API_KEY, USERNAME, PASSWORD, options.session_minutes, options.generation, faults
        )
        self.service = Service(shop, options, faults, self.changes)
        self.requests: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._started = time.monotonic()
        super().__init__(address, Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say in one line what went wrong with a request; a client that went away is no error."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            click.echo(f"demo metabase: {type(error).__name__}: {error}", err=True)

    def now(self) -> datetime:
        """Return the server's time: it starts at the demo's last moment."""
        return AS_OF + timedelta(seconds=time.monotonic() - self._started)

    def count(self, method: str, path: str) -> None:
        """Count a request."""
        with self._lock:
            self.requests[f"{method} {path}"] += 1


class MetabaseServer:
    """A demo Metabase that runs.

    `url` has no slash at its end. `requests` counts them by method and path, `faults` says how
    often each fault has happened.
    """

    api_key = API_KEY
    username = USERNAME
    password = PASSWORD

    def __init__(
        self,
        http: HttpServer,
        shop: duckdb.DuckDBPyConnection,
        truth: Callable[[], dict[int, OrderTruth]],
    ) -> None:
        self._http = http
        self._shop = shop
        self._truth = truth
        self.url = f"http://{http.server_address[0]!s}:{http.server_address[1]}"
        self.database_id = http.options.database_id

    @property
    def faults(self) -> dict[str, int]:
        """Return how often each fault has happened."""
        return self._http.faults.happened

    @property
    def requests(self) -> Counter[str]:
        """Return the number of requests by method and path."""
        return self._http.requests

    def change(self) -> None:
        """Let an order come in, or an old one change, as the fault of that name does."""
        self._http.changes.happen()

    def truth(self) -> dict[int, OrderTruth]:
        """Return what is true of every order by its id, orders that came in meanwhile included.

        Not taken from the tables: the company is drawn again. Errors: DemoError for a shop of
        `rows`, which has no company.
        """
        return {**self._truth(), **planned_truth(self._http.changes.orders)}

    def table_counts(self) -> dict[str, int]:
        """Return the rows of each table as they are now."""
        cursor = self._shop.cursor()
        try:
            return {
                table: int(cursor.execute(f"select count(*) from {table}").fetchall()[0][0])
                for table in TABLES
            }
        finally:
            cursor.close()


def build_shop(
    path: Path,
    *,
    lines: int = DEFAULT_LINES,
    seed: int = DEFAULT_SEED,
    rows: int | None = None,
    with_planned: bool = True,
) -> None:
    """Write the shop's tables to a DuckDB file, which any number of servers can start from.

    `rows` asks for that many order items without a company behind them. Errors: DemoError when
    `lines` or `rows` is too few.
    """
    if rows is not None:
        if rows < 1:
            raise DemoError(f"a shop has at least one row, not {rows:,}")
        build_volume_shop(path, rows)
        return
    try:
        build_company_shop(path, lines, seed, with_planned=with_planned)
    except ValueError as error:
        raise DemoError(str(error)) from error


@contextmanager
def running(
    *,
    lines: int = DEFAULT_LINES,
    seed: int = DEFAULT_SEED,
    rows: int | None = None,
    with_planned: bool = True,
    shop: Path | None = None,
    faults: Iterable[str] = (),
    options: Options | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    threads: int = 1,
) -> Iterator[MetabaseServer]:
    """Run a demo Metabase in this process until the block ends.

    `lines` is the size of the company as for the marketplace files; desertcart has half of it on
    top. `rows` asks for a plain shop of that many order items instead, `shop` for a copy of a file
    of `build_shop` (say `lines` and `seed` again for the truth). `faults` are as for `Faults`.
    `threads` is how many DuckDB may use. Errors: DemoError for settings that cannot be and for a
    port that is taken.
    """
    switched = Faults(faults)

    def truth() -> dict[int, OrderTruth]:
        if rows is not None:
            raise DemoError("a shop of plain rows has no company to tell the truth by")
        return company_truth(lines, seed) | planned_truth(PLANNED_ORDERS if with_planned else ())

    with tempfile.TemporaryDirectory(prefix="demo-metabase-") as folder:
        path = Path(folder) / "shop.duckdb"
        if shop is None:
            build_shop(path, lines=lines, seed=seed, rows=rows, with_planned=with_planned)
        else:
            shutil.copyfile(shop, path)
        connection = open_shop(path, threads)
        try:
            http = _listen(host, port, connection, options or Options(), switched)
            thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            try:
                yield MetabaseServer(http, connection, truth)
            finally:
                http.shutdown()
                http.server_close()
                thread.join()
        finally:
            connection.close()


def _listen(
    host: str,
    port: int,
    connection: duckdb.DuckDBPyConnection,
    options: Options,
    faults: Faults,
) -> HttpServer:
    try:
        return HttpServer((host, port), connection, options, faults)
    except OSError as error:
        raise DemoError(
            f"can't listen on {host}:{port} ({error.strerror}); choose another port"
        ) from error
