"""`manifest.json`: what a committed run says about itself, and the only state there is."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extract.errors import ExtractError

MANIFEST_NAME = "manifest.json"
RUN_PREFIX = "run="
PARTIAL_PREFIX = ".partial-"


class Window(BaseModel):
    """Half open `[since, until)`, ISO 8601; plain days where the source writes local days."""

    since: str | None = None
    until: str | None = None


class TableEntry(BaseModel):
    """One Parquet file of the run."""

    rows: int
    sha256: str
    columns: list[str]


class FileEntry(BaseModel):
    """One input file as this run saw it; for a source that reads files.

    Counts of a file that was not read again are those of the run that landed its content.
    """

    path: str
    sha256: str
    bytes: int
    modified_at: datetime
    status: Literal["landed", "unchanged", "duplicate", "unknown_layout"]
    sub_channel: str | None = None
    container: str | None = None
    encoding: str | None = None
    layout: str | None = None
    layout_version: str | None = None
    table_name: str | None = None
    replaces: str | None = None
    window_field: str | None = None
    rows_in: int = 0
    rows_landed: int = 0
    rows_rejected: int = 0
    blank_lines: int = 0
    repeated_headers: int = 0
    first_day: str | None = None
    last_day: str | None = None


class Manifest(BaseModel):
    """The record of one committed run."""

    model_config = ConfigDict(extra="ignore")

    source: str
    run_id: str
    extractor_version: str
    started_at: datetime
    finished_at: datetime
    is_empty_run: bool = False
    # Which shop or database, where the same source can be pointed at another.
    origin: str | None = None
    window_asked: Window | None = None
    window_covered: Window | None = None
    tables: dict[str, TableEntry]
    files: list[FileEntry] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)


def read_manifests(source_dir: Path) -> list[Manifest]:
    """Return the manifests of a source's committed runs, oldest first.

    Errors: ExtractError for a run folder without a readable manifest, because dbt would read its
    tables all the same.
    """
    manifests = []
    for folder in sorted(source_dir.glob(f"{RUN_PREFIX}*")):
        try:
            manifests.append(Manifest.model_validate_json((folder / MANIFEST_NAME).read_bytes()))
        except (OSError, ValidationError) as error:
            kind = "no" if isinstance(error, FileNotFoundError) else "an unreadable"
            raise ExtractError(
                f"{folder} has {kind} {MANIFEST_NAME}, so it is not a run that was committed; "
                "remove the folder and run again"
            ) from error
    return manifests
