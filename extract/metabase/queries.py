"""The SQL files, and the requests they become: values go as parameters, never into the text."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from extract.errors import ExtractError
from extract.metabase.tables import CHANGED_AT, QUERIED_TABLES, QueriedTable

_TAG = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TAG_TYPES = {
    "since": "text",
    "until": "text",
    "after_changed_at": "text",
    "after_id": "text",
    "page_size": "number",
}
# What Metabase calls a parameter that fills a tag of that type.
_PARAMETER_TYPES = {"text": "category", "number": "number"}

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
_BEFORE_ALL = "0"
_NO_LIMIT = 1_000_000_000_000


def moment_text(moment: datetime) -> str:
    """Write a moment as queries take and return it."""
    plain = moment.astimezone(UTC).replace(tzinfo=None)
    return plain.isoformat(timespec="microseconds" if plain.microsecond else "seconds") + "Z"


@dataclass(frozen=True, order=True)
class Span:
    """Half open `[since, until)`, UTC."""

    since: datetime
    until: datetime

    def __str__(self) -> str:
        return f"{moment_text(self.since)} .. {moment_text(self.until)}"

    @property
    def width(self) -> timedelta:
        """How long it is."""
        return self.until - self.since

    def split(self, parts: int, narrowest: timedelta) -> "list[Span]":
        """Cut into so many equal parts, or as many as leave none narrower than allowed."""
        parts = max(min(parts, self.width // narrowest), 1)
        bounds = [self.since + self.width * at / parts for at in range(parts)] + [self.until]
        return [Span(since, until) for since, until in pairwise(bounds)]


@dataclass(frozen=True)
class Key:
    """Where a page begins: behind the row of this `changed_at` and id."""

    changed_at: str = moment_text(EARLIEST)
    row_id: str = _BEFORE_ALL


@dataclass(frozen=True)
class Request:
    """SQL with template tags, and the values of the tags."""

    sql: str
    values: dict[str, str | int]

    def native(self, database_id: int) -> dict[str, Any]:
        """Write the query as Metabase's API takes it."""
        used = {name: self.values[name] for name in dict.fromkeys(_TAG.findall(self.sql))}
        return {
            "database": database_id,
            "type": "native",
            "native": {
                "query": self.sql,
                "template-tags": {
                    name: {
                        "id": name,
                        "name": name,
                        "display-name": name,
                        "type": _TAG_TYPES[name],
                        "required": True,
                    }
                    for name in used
                },
            },
            "parameters": [
                {
                    "id": name,
                    "type": _PARAMETER_TYPES[_TAG_TYPES[name]],
                    "target": ["variable", ["template-tag", name]],
                    "value": value,
                }
                for name, value in used.items()
            ],
        }


@dataclass(frozen=True)
class Query:
    """The SQL file of one table."""

    table: QueriedTable
    path: Path
    sql: str

    def page(self, span: Span, after: Key, page_size: int) -> Request:
        """Ask for the next rows of a window."""
        return Request(self.sql, _values(span, after, page_size))

    def count(self, span: Span) -> Request:
        """Ask how many rows a window has, and when the first and last of them changed."""
        sql = (
            f"select\n    count(*) as row_count,\n    min({CHANGED_AT}) as first_{CHANGED_AT},\n"
            f"    max({CHANGED_AT}) as last_{CHANGED_AT}\nfrom (\n{self.sql}\n) as counted"
        )
        return Request(sql, _values(span, Key(), _NO_LIMIT))


def _values(span: Span, after: Key, page_size: int) -> dict[str, str | int]:
    return {
        "since": moment_text(span.since),
        "until": moment_text(span.until),
        "after_changed_at": after.changed_at,
        "after_id": after.row_id,
        "page_size": page_size,
    }


def load_queries(folder: Path) -> tuple[Query, ...]:
    """Read one SQL file a table.

    Errors: ExtractError for a file that is missing, or that lacks a tag without which its rows
    could come short or twice.
    """
    queries = []
    for table in QUERIED_TABLES:
        path = folder / f"{table.name}.sql"
        try:
            sql = path.read_text(encoding="utf-8").strip().rstrip(";").rstrip()
        except (OSError, UnicodeDecodeError) as error:
            raise ExtractError(
                f"METABASE_SQL_DIR: {path} can't be read ({type(error).__name__}); "
                f"the folder needs one file for each of {', '.join(t.name for t in QUERIED_TABLES)}"
            ) from None
        tags = set(_TAG.findall(sql))
        if missing := set(_TAG_TYPES) - tags:
            names = ", ".join(f"{{{{{name}}}}}" for name in _TAG_TYPES if name in missing)
            raise ExtractError(f"{path} does not use {names}; see extract/metabase/README.md")
        if unknown := tags - set(_TAG_TYPES):
            raise ExtractError(
                f"{path} uses the unknown tag {{{{{min(unknown)}}}}}; "
                f"known are {', '.join(_TAG_TYPES)}"
            )
        queries.append(Query(table, path, sql))
    return tuple(queries)
