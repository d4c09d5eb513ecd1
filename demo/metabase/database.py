"""Runs the SQL of a question for real, and never lets it write."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import duckdb

from demo.metabase.errors import QueryError
from demo.metabase.parameters import Compiled

BATCH = 5_000
_STATES = {
    duckdb.CatalogException: "42P01",
    duckdb.ParserException: "42601",
    duckdb.BinderException: "42703",
    duckdb.ConversionException: "22P02",
    duckdb.OutOfRangeException: "22003",
}
_BASE_TYPES = {
    "TINYINT": "type/Integer",
    "SMALLINT": "type/Integer",
    "INTEGER": "type/Integer",
    "UTINYINT": "type/Integer",
    "USMALLINT": "type/Integer",
    "UINTEGER": "type/BigInteger",
    "BIGINT": "type/BigInteger",
    "UBIGINT": "type/BigInteger",
    "HUGEINT": "type/BigInteger",
    "UHUGEINT": "type/BigInteger",
    "FLOAT": "type/Float",
    "DOUBLE": "type/Float",
    "BOOLEAN": "type/Boolean",
    "VARCHAR": "type/Text",
    "UUID": "type/UUID",
    "DATE": "type/Date",
    "TIME": "type/Time",
    "TIMESTAMP": "type/DateTime",
    "TIMESTAMP_S": "type/DateTime",
    "TIMESTAMP_MS": "type/DateTime",
    "TIMESTAMP_NS": "type/DateTime",
    "TIMESTAMP WITH TIME ZONE": "type/DateTimeWithLocalTZ",
}


@dataclass(frozen=True)
class Column:
    """A column of a result. `name` is unique in it, `title` is what the query called it."""

    name: str
    title: str
    base_type: str


class Running:
    """A query that runs: its columns at once, its rows as they are read, at most `most_rows`.

    Errors: QueryError while rows are read, whenever one of them can't be computed.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, most_rows: int) -> None:
        self._cursor = cursor
        self._most_rows = most_rows
        self.columns = _columns(cursor)
        self.row_count = 0

    def batches(self) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows in batches, and end the transaction after the last."""
        try:
            while self.row_count < self._most_rows:
                wanted = min(BATCH, self._most_rows - self.row_count)
                try:
                    rows = self._cursor.fetchmany(wanted)
                except duckdb.Error as error:
                    raise _query_error(error) from error
                if not rows:
                    return
                self.row_count += len(rows)
                yield rows
        finally:
            self.close()

    def close(self) -> None:
        """Give the cursor back; what is left of the result is not read."""
        self._cursor.close()


def run(
    connection: duckdb.DuckDBPyConnection, compiled: Compiled, most_rows: int | None
) -> Running:
    """Start one SELECT in a read-only transaction on a cursor of its own.

    Errors: QueryError for anything that is not one SELECT, or that the database refuses.
    """
    cursor = connection.cursor()
    try:
        statements = cursor.extract_statements(compiled.sql)
        if len(statements) != 1:
            raise QueryError(
                "ERROR: cannot insert multiple commands into a prepared statement",
                "invalid-query",
                "class org.postgresql.util.PSQLException",
                "42601",
            )
        if statements[0].type != duckdb.StatementType.SELECT:
            raise QueryError(
                f"ERROR: cannot execute {statements[0].type.name} in a read-only transaction",
                "invalid-query",
                "class org.postgresql.util.PSQLException",
                "25006",
            )
        cursor.execute("begin transaction read only")
        cursor.execute(statements[0], list(compiled.values))
        return Running(cursor, 2**62 if most_rows is None else most_rows)
    except duckdb.Error as error:
        cursor.close()
        raise _query_error(error) from error
    except QueryError:
        cursor.close()
        raise


def count_rows(connection: duckdb.DuckDBPyConnection, compiled: Compiled, beyond: int) -> int:
    """Return how many rows a query has, or `beyond` + 1 when it has more than that."""
    running = run(connection, compiled, beyond + 1)
    return sum(len(rows) for rows in islice(running.batches(), beyond + 1))


def _columns(cursor: duckdb.DuckDBPyConnection) -> list[Column]:
    columns: list[Column] = []
    seen: dict[str, int] = {}
    for title, kind, *_ in cursor.description or ():
        seen[title] = seen.get(title, 0) + 1
        name = title if seen[title] == 1 else f"{title}_{seen[title]}"
        text = str(kind)
        base_type = (
            "type/Decimal" if text.startswith("DECIMAL") else _BASE_TYPES.get(text, "type/*")
        )
        columns.append(Column(name, title, base_type))
    return columns


def _query_error(error: duckdb.Error) -> QueryError:
    state = next((code for kind, code in _STATES.items() if isinstance(error, kind)), "XX000")
    first_line = str(error).split("\n\nLINE", maxsplit=1)[0]
    # Errors of rows that are read later come wrapped in a line about the reading.
    first_line = first_line.removeprefix(
        "Invalid Input Error: Attempting to execute an unsuccessful or closed pending query "
        "result\nError: "
    )
    return QueryError(
        f"ERROR: {first_line}", "invalid-query", "class org.postgresql.util.PSQLException", state
    )
