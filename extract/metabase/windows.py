"""Windows of a group of tables: narrowed when the server is slow, read again when rows change."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from extract.errors import ExtractError
from extract.landing import Run
from extract.metabase.faults import TookTooLong
from extract.metabase.pages import Count, Shop
from extract.metabase.queries import Query, Span
from extract.progress import Reporter

NARROWEST = timedelta(seconds=1)
READINGS = 5
"""How often a window is read before it is said to be changing all the time."""

# Every page and count works its whole window out anew, so a window has few pages; but it is
# counted eight times over, so it is not tiny either.
_PAGES_OF_A_WINDOW = 4
_FEWEST_ROWS_OF_A_WINDOW = 40_000


class _Unsteady(Exception):
    """A window's rows were not the same before and after, or not all came."""


class Spool:
    """Rows of one table of one window, on disk until the window has proved whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows = 0

    def fill(self, batches: Iterator[pa.RecordBatch]) -> None:
        """Write all batches; without any, no file."""
        self._path.unlink(missing_ok=True)
        self.rows = 0
        first = next(batches, None)
        if first is None:
            return
        with pa.OSFile(str(self._path), "wb") as file, pa.ipc.new_stream(file, first.schema) as out:
            out.write_batch(first)
            self.rows = first.num_rows
            for batch in batches:
                out.write_batch(batch)
                self.rows += batch.num_rows

    def drain(self) -> Iterator[pa.RecordBatch]:
        """Give the batches back, and the disk."""
        if self.rows:
            with pa.OSFile(str(self._path)) as file, pa.ipc.open_stream(file) as stream:
                yield from stream
            self._path.unlink()


def windows_of(span: Span, rows: int, page_rows: int) -> list[Span]:
    """Cut a window so that each part has about as many rows as a few pages hold."""
    wanted = max(page_rows * _PAGES_OF_A_WINDOW, _FEWEST_ROWS_OF_A_WINDOW)
    return span.split(-(-rows // wanted), NARROWEST)


class GroupReader:
    """Lands the tables that belong together, window by window.

    Queries are in reading order, the parent's last: a parent that changes in between has left the
    window by then and is not landed without its children.
    """

    def __init__(
        self,
        shop: Shop,
        queries: Sequence[Query],
        run: Run,
        reporter: Reporter,
        *,
        retry_seconds: float,
        widest: timedelta | None,
    ) -> None:
        self._shop = shop
        self._queries = queries
        self._run = run
        self._reporter = reporter
        self._retry_seconds = retry_seconds
        self._spools = {query: Spool(run.scratch() / query.table.name) for query in queries}
        self._widest = widest

    def land(self, span: Span, counted: dict[Query, Count] | None) -> None:
        """Land a span of time; `counted` saves counting it again if it needs one window only.

        Errors: ExtractError; the run is then thrown away by whoever began it.
        """
        ahead = [span]
        while ahead:
            window = ahead.pop()
            parts = [window]
            try:
                if self._widest and window.width > self._widest:
                    parts = window.split(-(-window.width // self._widest), NARROWEST)
                else:
                    before = counted or self._count(window)
                    most = max(count.rows for count in before.values())
                    if not most:
                        continue
                    parts = windows_of(window, most, self._shop.page_rows)
                    if len(parts) == 1:
                        self._read(window, before)
                        continue
            except TookTooLong as fault:
                parts = self._narrow(window, fault)
            finally:
                counted = None
            ahead += reversed(parts)

    def _narrow(self, window: Span, fault: TookTooLong) -> list[Span]:
        parts = window.split(2, NARROWEST)
        if len(parts) == 1:
            raise ExtractError(
                f"Metabase: a query for {window} still took too long ({fault}); index updated_at "
                "in the database, or raise MB_DB_QUERY_TIMEOUT_MINUTES"
            ) from None
        self._widest = parts[0].width
        self._reporter.say(f"metabase: {fault}; going on with windows of {self._widest}")
        return parts

    def _read(self, window: Span, before: dict[Query, Count]) -> None:
        for reading in range(1, READINGS + 1):
            try:
                self._spool(window, before)
                break
            except _Unsteady as fault:
                if reading == READINGS:
                    raise ExtractError(
                        f"Metabase: {fault} in {window}, {READINGS} times in a row; "
                        "nothing was landed; run again at a quieter hour, and see that the SQL "
                        "returns each row once, in the order of changed_at and key"
                    ) from None
                wait = self._retry_seconds * (reading - 1)
                self._reporter.say(f"metabase: {fault}; reading {window} again")
                time.sleep(wait)
                before = self._count(window)
        for query, spool in self._spools.items():
            landed = [column.name for column in query.table.columns]
            for batch in spool.drain():
                self._run.write(query.table.name, batch.select(landed))
        told = ", ".join(f"{query.table.name} {count.rows:,}" for query, count in before.items())
        self._reporter.say(f"metabase: {window}: {told}")

    def _spool(self, window: Span, before: dict[Query, Count]) -> None:
        for query, spool in self._spools.items():
            expected = before[query].rows
            spool.fill(self._shop.pages(query, window, expected) if expected else iter(()))
        after = self._count(window)
        for query, spool in self._spools.items():
            name, counted = query.table.name, before[query]
            if after[query] != counted:
                raise _Unsteady(f"{name} changed while they were read")
            if spool.rows != counted.rows:
                raise _Unsteady(f"{name}: {counted.rows:,} rows counted, {spool.rows:,} came")

    def _count(self, window: Span) -> dict[Query, Count]:
        return {query: self._shop.count(query, window) for query in self._queries}
