"""Read-only access to the published marts: short queries, kept while the publication stands."""

import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from serve.errors import ServeError, one_line
from serve.files import shown
from serve.publication import TABLE_NAME
from serve.sql import literal

T = TypeVar("T")
# Most answers are small; the thousand rows of a ranking are a quarter of a megabyte.
_KEPT_BYTES = 32 * 2**20
# What is kept with each answer, and a row that is not Arrow's, are taken for.
_OWN_BYTES, _ROW_BYTES = 4096, 1024
# Ten people share one process: a query spills to disk before it takes the machine's memory.
_SETTINGS: dict[str, Any] = {
    "memory_limit": "112MB",
    "threads": 2,
    "preserve_insertion_order": False,
}


@dataclass(frozen=True)
class About:
    """The publication that is shown. Moments in UTC."""

    publication_id: str
    published_at: datetime
    as_of: datetime
    is_demo: bool

    def age_text(self, now: datetime) -> str:
        """Say in words how long ago it was published."""
        minutes = max(0, int((now - self.published_at).total_seconds() // 60))
        if minutes < 2:
            return "just now"
        if minutes < 120:
            return f"{minutes} minutes ago"
        hours = minutes // 60
        return f"{hours} hours ago" if hours < 48 else f"{hours // 24} days ago"


@dataclass(frozen=True)
class _Opened:
    """One publication held open. Readers of it keep its file although a newer one took its name."""

    stamp: tuple[int, int, int]
    connection: duckdb.DuckDBPyConnection
    about: About
    columns: Mapping[str, frozenset[str]]


class Marts:
    """The published marts of one warehouse. Safe among threads.

    Every question looks whether a newer publication has taken the file's name, and then opens that
    one; answers are kept per publication.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._opened: _Opened | None = None
        self._answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._bytes = 0

    @property
    def about(self) -> About:
        """The publication that stands now. Errors: ServeError as of `query`."""
        return self._current().about

    def has(self, table: str, *columns: str) -> bool:
        """Whether the publication holds a table with these columns."""
        known = self._current().columns.get(table)
        return known is not None and known.issuperset(columns)

    def query(self, sql: str, values: Mapping[str, Any] | None = None) -> pa.Table:
        """Answer one select on the marts, with `$name` for each of `values`.

        Errors: ServeError when nothing is published, or the file can't be read.
        """
        opened = self._current()
        values = dict(values or {})
        key = (sql, tuple(sorted(values.items())))
        answer: pa.Table = self._kept(opened, key, lambda: self._asked(opened, sql, values))
        return answer

    def kept(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what `make` returned for this key, while the publication stands.

        `make` asks nothing but these marts, and `key` holds all that it depends on beside them.
        """
        kept: T = self._kept(self._current(), key, make)
        return kept

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Answer as `query`, one dict per row."""
        answer: list[dict[str, Any]] = self.query(sql, values).to_pylist()
        return answer

    def _asked(self, opened: _Opened, sql: str, values: Mapping[str, Any]) -> pa.Table:
        cursor = opened.connection.cursor()
        try:
            cursor.execute("use published.main")
            return cursor.execute(
                sql, {name: _sent(value) for name, value in values.items()}
            ).to_arrow_table()
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise ServeError(f"{shown(self._database)}: {one_line(str(error))}") from None
        finally:
            cursor.close()

    def _kept(self, opened: _Opened, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        key = (opened.about.publication_id, *key)
        with self._guard:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        made = make()
        with self._guard:
            if key not in self._answers:
                self._answers[key] = made
                self._bytes += _size(made)
            while self._bytes > _KEPT_BYTES and len(self._answers) > 1:
                self._bytes -= _size(self._answers.popitem(last=False)[1])
        return made

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            if self._opened:
                self._opened.connection.close()
            self._opened = None
            self._forget()

    def _current(self) -> _Opened:
        try:
            status = self._database.stat()
        except FileNotFoundError:
            raise ServeError(
                f"nothing is published in {shown(self._database.parent)} yet; run `make run`"
            ) from None
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        with self._guard:
            if self._opened is None or self._opened.stamp != stamp:
                # The old connection is not closed: cursors of other threads may still read it.
                self._opened = _open(self._database, stamp)
                self._forget()
            return self._opened

    def _forget(self) -> None:
        self._answers.clear()
        self._bytes = 0


def _size(answer: Any) -> int:
    if isinstance(answer, pa.Table):
        return _OWN_BYTES + int(answer.nbytes)
    return _OWN_BYTES + len(answer) * (1 if isinstance(answer, str) else _ROW_BYTES)


def _sent(value: Any) -> Any:
    # A tuple keeps an answer by its parameters; DuckDB wants a list.
    return list(value) if isinstance(value, tuple) else value


def _open(database: Path, stamp: tuple[int, int, int]) -> _Opened:
    spill = Path(tempfile.gettempdir()) / f"refund-dashboard-{os.getpid()}"
    connection = duckdb.connect(config={**_SETTINGS, "temp_directory": str(spill)})
    try:
        connection.execute(f"attach {literal(database)} as published (read_only)")
        columns: dict[str, set[str]] = {}
        for table, column in connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where database_name = 'published' and schema_name = 'main'"
        ).fetchall():
            columns.setdefault(table, set()).add(column)
        if TABLE_NAME not in columns:
            raise ServeError(f"{shown(database)} was not published by this project")
        row = connection.execute(
            f"select publication_id, published_at, as_of, is_demo from published.main.{TABLE_NAME}"
        ).fetchall()[0]
    except duckdb.Error as error:
        connection.close()
        raise ServeError(
            f"{shown(database)} can't be read ({one_line(str(error))}); run `make publish`"
        ) from None
    about = About(row[0], row[1].replace(tzinfo=UTC), row[2].replace(tzinfo=UTC), row[3])
    return _Opened(
        stamp, connection, about, {name: frozenset(found) for name, found in columns.items()}
    )
