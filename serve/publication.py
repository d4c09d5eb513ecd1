"""What is said about a publication inside every file of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from pydantic import BaseModel

from serve.record import BuildRecord
from serve.sql import literal

ID_FORMAT = "%Y%m%dT%H%M%S%fZ"
TABLE_NAME = "publication"
_TABLE_COMMENT = "What these tables are: when published, as of when, from which build."
_COLUMNS = {
    "publication_id": ("varchar", "Moment of publication as an id that sorts by time, UTC."),
    "published_at": ("timestamp", "Moment of publication, UTC."),
    "as_of": ("timestamp", "Moment that every relative date of these marts hangs on, UTC."),
    "is_demo": ("boolean", "True when these are the figures of the made-up demo company."),
    "built_at": ("timestamp", "Moment at which the build had passed all its tests, UTC."),
    "dbt_invocation_id": ("varchar", "The dbt run that built and tested these marts."),
    "dbt_version": ("varchar", "Version of dbt that built."),
    "duckdb_version": ("varchar", "Version of DuckDB that built."),
    "git_commit": ("varchar", "Commit of the project; null when unknown, -dirty when changed."),
    "variables": ("varchar", "dbt variables that were given for this build, as JSON."),
    "sources": ("varchar", "Per source: runs, latest run, end of what it covers; as JSON."),
    "warnings": ("varchar", "Tests that warned, one line each, as a JSON list."),
}


class Publication(BaseModel):
    """The one row of table `publication`, and `publication.json` of the exports."""

    publication_id: str
    published_at: datetime
    build: BuildRecord

    @property
    def values(self) -> dict[str, object]:
        """The row, by column name; moments in UTC without an offset."""
        return {
            "publication_id": self.publication_id,
            "published_at": _naive(self.published_at),
            "as_of": _naive(self.build.as_of),
            "is_demo": self.build.is_demo,
            "built_at": _naive(self.build.built_at),
            "dbt_invocation_id": self.build.invocation_id,
            "dbt_version": self.build.dbt_version,
            "duckdb_version": self.build.duckdb_version,
            "git_commit": self.build.git_commit,
            "variables": json.dumps(self.build.variables, default=str),
            "sources": json.dumps({k: v.model_dump() for k, v in self.build.sources.items()}),
            "warnings": json.dumps(self.build.warnings, ensure_ascii=False),
        }


class PreviousPublication(BaseModel):
    """What stands published now, as far as the next publication has to know.

    `is_demo` is None when the file can't be read: then it might be real.
    """

    publication_id: str | None = None
    is_demo: bool | None = None


def new_publication(record: BuildRecord, previous_ids: list[str]) -> Publication:
    """Name a publication so that it sorts behind every earlier one, even if the clock went back."""
    moment = datetime.now(UTC)
    if previous_ids:
        last = datetime.strptime(max(previous_ids), ID_FORMAT).replace(tzinfo=UTC)
        moment = max(moment, last + timedelta(microseconds=1))
    return Publication(publication_id=moment.strftime(ID_FORMAT), published_at=moment, build=record)


def write_table(
    connection: duckdb.DuckDBPyConnection, schema: str, publication: Publication
) -> None:
    """Write table `publication` with its comments into an attached database."""
    table = f"{schema}.{TABLE_NAME}"
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in _COLUMNS.items())
    places = ", ".join("?" for _ in _COLUMNS)
    row = publication.values
    connection.execute(f"create table {table} ({columns})")
    connection.execute(f"insert into {table} values ({places})", [row[name] for name in _COLUMNS])
    connection.execute(f"comment on table {table} is {literal(_TABLE_COMMENT)}")
    for name, (_, description) in _COLUMNS.items():
        connection.execute(f"comment on column {table}.{name} is {literal(description)}")


def read_previous(database: Path) -> PreviousPublication | None:
    """Return what is published in a file, or None when there is no file."""
    if not database.exists():
        return None
    connection = duckdb.connect()
    try:
        connection.execute(f"attach {literal(database)} as published (read_only)")
        rows = connection.execute(
            f"select publication_id, is_demo from published.main.{TABLE_NAME}"
        ).fetchall()
    except duckdb.Error:
        # Not a publication of ours, damaged, or held open by a writer.
        return PreviousPublication()
    finally:
        connection.close()
    return PreviousPublication(publication_id=rows[0][0], is_demo=rows[0][1])


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
