"""The build record: proof, beside the build database, of which dbt run made what is in it."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from serve.errors import ServeError
from serve.files import shown, sync, write_whole

RECORD_NAME = "record.json"
ARTIFACT_NAMES = ("manifest.json", "run_results.json")


class SourceState(BaseModel):
    """What had landed of one source when the build began."""

    runs: int
    latest_run: str | None = None
    covered_until: str | None = None


class BuildRecord(BaseModel):
    """Written last, after every model and test of a build has passed.

    `database_bytes` and `database_modified_ns` are those of the build file: whoever writes to it
    afterwards makes the record void, even without knowing of it.
    """

    invocation_id: str
    built_at: datetime
    as_of: datetime
    is_demo: bool
    dbt_version: str
    duckdb_version: str
    git_commit: str | None
    variables: dict[str, Any]
    sources: dict[str, SourceState]
    warnings: list[str]
    database_bytes: int
    database_modified_ns: int


def withdraw(folder: Path) -> None:
    """Make the previous build unpublishable, before its database is touched."""
    (folder / RECORD_NAME).unlink(missing_ok=True)
    if folder.exists():
        sync(folder)


def keep(folder: Path, target_dir: Path, record: BuildRecord) -> None:
    """Put dbt's artifacts and the record beside the database; the record comes last.

    They are copied because the next `dbt compile` or `dbt docs` overwrites those in `target`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ARTIFACT_NAMES:
        beside = folder / f"{name}.new"
        shutil.copyfile(target_dir / name, beside)
        sync(beside)
        beside.replace(folder / name)
    write_whole(folder / RECORD_NAME, record.model_dump_json(indent=2) + "\n")


def load(folder: Path, database: Path) -> BuildRecord:
    """Read the record and hold it against the database file as it is now.

    Errors: ServeError when there is no finished build, or the file was written to since.
    """
    again = "run `make build` first"
    if not database.exists():
        raise ServeError(f"there is no build database {shown(database)}; {again}")
    try:
        record = BuildRecord.model_validate_json((folder / RECORD_NAME).read_bytes())
    except FileNotFoundError:
        raise ServeError(
            f"the last build of {shown(database)} failed or did not finish, "
            f"so nothing was published; {again}"
        ) from None
    except ValidationError:
        raise ServeError(f"{shown(folder / RECORD_NAME)} can't be read; {again}") from None
    if fingerprint(database) != (record.database_bytes, record.database_modified_ns):
        raise ServeError(
            f"{shown(database)} was written to after it was built and tested, "
            f"so nothing was published; {again}"
        )
    return record


def fingerprint(database: Path) -> tuple[int, int]:
    """Return size and modification time (ns) of the database and of its write-ahead log."""
    status = database.stat()
    log = database.with_name(f"{database.name}.wal")
    # An empty log holds nothing; a filled one is part of the database.
    log_bytes = log.stat().st_size if log.exists() else 0
    return status.st_size + log_bytes, status.st_mtime_ns
