"""Copies marts from the build file into a fresh database and into Parquet files."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from serve.artifacts import Mart
from serve.errors import ServeError, one_line
from serve.files import shown, sync
from serve.privacy import personal_data
from serve.publication import Publication, write_table
from serve.sql import identifier, literal

# The oldest layout that DuckDB still writes: files open in DuckDB 1.1 and everything later.
STORAGE_VERSION = "v1.0.0"

Tell = Callable[[int, int, str], None]


@contextmanager
def fresh_database(build_database: Path, path: Path, spill: Path) -> Iterator["MartsCopy"]:
    """Open a new database at `path` beside the build file; on the disk when the block ends.

    Errors: ServeError when the build file is held open by a writer.
    """
    spill.mkdir(mode=0o700, exist_ok=True)
    connection = duckdb.connect(config={"temp_directory": str(spill)})
    try:
        try:
            connection.execute(f"attach {literal(build_database)} as build (read_only)")
        except duckdb.Error as error:
            held = "lock" in str(error).lower() or "handle conflict" in str(error)
            why = (
                "is open for writing elsewhere"
                if held
                else f"can't be read: {one_line(str(error))}"
            )
            raise ServeError(
                f"{shown(build_database)} {why}; mend that, then run `make publish`"
            ) from None
        connection.execute(
            f"attach {literal(path)} as published (storage_version {literal(STORAGE_VERSION)})"
        )
        # One transaction, because each one costs a sync of the log, and there are many comments.
        connection.execute("begin")
        yield MartsCopy(connection)
        connection.execute("commit")
        connection.execute("checkpoint published")
        connection.execute("detach published")
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
    sync(path)


class MartsCopy:
    """Two attached databases: `build` to read, `published` to write."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def copy(self, marts: Sequence[Mart], publication: Publication, tell: Tell) -> dict[str, int]:
        """Write every mart and table `publication`; return the rows of each mart.

        Rows stand in the order of the key that the mart declares, else of all columns, so the same
        build gives the same file contents.
        Errors: ServeError for a mart that the build file does not hold as its YAML says.
        """
        write_table(self._connection, "published.main", publication)
        rows = {}
        for done, mart in enumerate(marts):
            tell(done, len(marts), mart.name)
            rows[mart.name] = self._copy_one(mart)
        return rows

    def personal_data(self, marts: Sequence[Mart]) -> list[str]:
        """Return one line per published column that holds personal data."""
        lines = []
        for mart in marts:
            types = self._columns(_published(mart))
            lines += personal_data(self._connection, _published(mart), mart, types)
        return lines

    def export(self, marts: Sequence[Mart], folder: Path) -> None:
        """Write one synced Parquet file per mart, in the row order of the table."""
        for mart in marts:
            path = folder / f"{mart.name}.parquet"
            self._connection.execute(
                f"copy (from {_published(mart)}) to {literal(path)} "
                "(format parquet, compression zstd)"
            )
            sync(path)

    def _copy_one(self, mart: Mart) -> int:
        source = f"build.{identifier(mart.schema)}.{identifier(mart.name)}"
        columns = [name for name, _ in self._columns(source)]
        if not columns:
            raise ServeError(
                f"mart {mart.name} ({mart.path}) is not in the build database; "
                "run `make build` again"
            )
        known = {name.lower(): name for name in columns}
        unknown = [name for name in mart.order_by if name.lower() not in known]
        if unknown:
            raise ServeError(
                f"mart {mart.name} ({mart.path}): meta.order_by names {unknown[0]}, "
                "which is not a column of it"
            )
        keys = [known[name.lower()] for name in mart.order_by]
        order = ", ".join(map(identifier, keys or columns))
        if keys and self._has_ties(source, order):
            raise ServeError(
                f"mart {mart.name} ({mart.path}): meta.order_by ({', '.join(keys)}) is not unique, "
                "so the order of rows would be left to chance; add the missing key columns"
            )
        target = _published(mart)
        self._connection.execute(f"create table {target} as from {source} order by {order}")
        self._comment(mart, target, known)
        return int(self._connection.execute(f"select count(*) from {target}").fetchall()[0][0])

    def _has_ties(self, source: str, keys: str) -> bool:
        rows = self._connection.execute(
            f"select count(*), count(distinct ({keys})) from {source}"
        ).fetchall()
        total, distinct = rows[0]
        return bool(total != distinct)

    def _comment(self, mart: Mart, target: str, known: dict[str, str]) -> None:
        if mart.description:
            self._connection.execute(f"comment on table {target} is {literal(mart.description)}")
        for column in mart.columns.values():
            if column.description and column.name.lower() in known:
                self._connection.execute(
                    f"comment on column {target}.{identifier(column.name)} "
                    f"is {literal(column.description)}"
                )

    def _columns(self, relation: str) -> list[tuple[str, str]]:
        try:
            described = self._connection.execute(f"describe {relation}").fetchall()
        except duckdb.CatalogException:
            return []
        return [(row[0], row[1]) for row in described]


def _published(mart: Mart) -> str:
    return f"published.main.{identifier(mart.name)}"
