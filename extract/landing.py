"""The landing contract: one run of one source becomes one folder, all of it or nothing.

A run is written under `.partial-<run_id>`, which no reader's glob matches, synced, and renamed to
`run=<run_id>` in one step. Raw data holds personal data, so everything is made for its owner only.
"""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq

from extract import __version__
from extract.errors import ExtractError
from extract.manifest import (
    MANIFEST_NAME,
    PARTIAL_PREFIX,
    RUN_PREFIX,
    FileEntry,
    Manifest,
    TableEntry,
    Window,
    read_manifests,
)
from extract.tables import RUN_COLUMNS, RawTable

_RUN_ID_FORMAT = "%Y%m%dT%H%M%S%fZ"
_SCRATCH = "scratch"
# Row groups of this size scan well. What all tables may gather together keeps memory flat, however
# many they are and however wide their rows: then the largest group is written, full or not.
_GROUP_ROWS = 100_000
_GATHERED_BYTES = 64 * 1024 * 1024


class _TableWriter:
    """One Parquet file in the making. Small batches are gathered into row groups."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._schema = schema
        self._file: BinaryIO = os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        )
        # Statistics of text are two fifths of the time of a write, and no reader asks for them.
        self._writer = pq.ParquetWriter(
            self._file,
            schema,
            compression="zstd",
            write_statistics=[name for name, _ in RUN_COLUMNS],
        )
        self._pending: list[pa.RecordBatch] = []
        self._pending_rows = 0
        self.pending_bytes = 0
        self.rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._pending.append(batch)
        self._pending_rows += batch.num_rows
        self.pending_bytes += batch.nbytes
        self.rows += batch.num_rows
        if self._pending_rows >= _GROUP_ROWS:
            self.flush()

    def flush(self) -> None:
        if self._pending:
            self._writer.write_table(pa.Table.from_batches(self._pending, self._schema))
            self._pending, self._pending_rows, self.pending_bytes = [], 0, 0

    def finish(self) -> TableEntry:
        self.flush()
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with self._path.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        return TableEntry(rows=self.rows, sha256=sha256, columns=list(self._schema.names))

    def abandon(self) -> None:
        # A full disk refuses the footer too, and the file is about to be removed anyway.
        with suppress(OSError):
            self._writer.close()
        with suppress(OSError):
            self._file.close()


class Run:
    """A run in the making; a context manager that leaves nothing behind unless committed.

    `origin`, `files`, `window_asked` and `window_covered` go to the manifest as they stand at
    commit.
    """

    def __init__(
        self, source: str, source_dir: Path, run_id: str, tables: Sequence[RawTable]
    ) -> None:
        self.source = source
        self.run_id = run_id
        self.started_at = datetime.now(UTC)
        self.folder = source_dir / f"{RUN_PREFIX}{run_id}"
        self.origin: str | None = None
        self.files: list[FileEntry] = []
        self.window_asked: Window | None = None
        self.window_covered: Window | None = None
        self._warnings: dict[str, None] = {}
        self._partial = source_dir / f"{PARTIAL_PREFIX}{run_id}"
        self._tables = {table.name: table for table in tables}
        self._writers: dict[str, _TableWriter] = {}

    def __enter__(self) -> Self:
        try:
            with clear_os_errors(self._partial):
                self._partial.mkdir(mode=0o700)
                for table in self._tables.values():
                    path = self._partial / f"{table.name}.parquet"
                    self._writers[table.name] = _TableWriter(path, table.schema)
        except BaseException:
            self._discard()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._discard()

    def _discard(self) -> None:
        for writer in self._writers.values():
            writer.abandon()
        # After a commit the folder has its final name and there is nothing here to remove.
        shutil.rmtree(self._partial, ignore_errors=True)

    def warn(self, text: str) -> None:
        """Keep a warning for the manifest; the same text once."""
        self._warnings[text] = None

    @property
    def warnings(self) -> list[str]:
        """The warnings so far, in order."""
        return list(self._warnings)

    def scratch(self) -> Path:
        """Return a folder for what may yet be thrown away; it is gone when the run ends."""
        folder = self._partial / _SCRATCH
        with clear_os_errors(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def rows(self, table_name: str) -> int:
        """Rows written to a table so far."""
        return self._writers[table_name].rows

    def write(self, table_name: str, batch: pa.RecordBatch) -> None:
        """Append rows to a table.

        Declared columns that the batch lacks become null; the run's own columns are added here.
        Errors: ValueError for a column that is not declared, ExtractError when the disk is full.
        """
        table = self._tables[table_name]
        unknown = set(batch.schema.names) - set(table.schema.names)
        if unknown:
            raise ValueError(f"{table_name} declares no column {sorted(unknown)}")
        count = batch.num_rows
        own = {
            "_run_id": pa.repeat(pa.scalar(self.run_id), count),
            "_extracted_at": pa.repeat(
                pa.scalar(self.started_at, pa.timestamp("us", "UTC")), count
            ),
        }
        columns = []
        for field in table.schema:
            if field.name in own:
                columns.append(own[field.name])
            elif field.name in batch.schema.names:
                columns.append(batch.column(field.name))
            else:
                columns.append(pa.nulls(count, field.type))
        with clear_os_errors(self._partial):
            self._writers[table_name].write(
                pa.RecordBatch.from_arrays(columns, schema=table.schema)
            )
            writers = self._writers.values()
            if sum(writer.pending_bytes for writer in writers) > _GATHERED_BYTES:
                max(writers, key=lambda writer: writer.pending_bytes).flush()

    def commit(self, *, is_empty_run: bool = False) -> Manifest:
        """Sync everything, write the manifest and give the folder its final name."""
        with clear_os_errors(self._partial):
            tables = {name: writer.finish() for name, writer in self._writers.items()}
            manifest = Manifest(
                source=self.source,
                run_id=self.run_id,
                extractor_version=__version__,
                started_at=self.started_at,
                finished_at=datetime.now(UTC),
                is_empty_run=is_empty_run,
                origin=self.origin,
                window_asked=self.window_asked,
                window_covered=self.window_covered,
                tables=tables,
                files=self.files,
                warnings=self.warnings,
            )
            shutil.rmtree(self._partial / _SCRATCH, ignore_errors=True)
            path = self._partial / MANIFEST_NAME
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(manifest.model_dump_json(indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(self._partial)
            self._partial.rename(self.folder)
            _sync_folder(self.folder.parent)
        return manifest


class SourceLanding:
    """The raw folder of one source, held under its lock."""

    def __init__(self, source: str, source_dir: Path) -> None:
        self.source = source
        self.source_dir = source_dir
        self.manifests = read_manifests(source_dir)

    def start_run(self, tables: Sequence[RawTable]) -> Run:
        """Open a run whose id sorts behind every earlier one, even when the clock stands still."""
        now = datetime.now(UTC)
        if self.manifests:
            last = datetime.strptime(self.manifests[-1].run_id, _RUN_ID_FORMAT).replace(tzinfo=UTC)
            now = max(now, last + timedelta(microseconds=1))
        return Run(self.source, self.source_dir, now.strftime(_RUN_ID_FORMAT), tables)

    def holds(self, tables: Sequence[RawTable]) -> bool:
        """Whether some committed run has every declared table with every declared column."""
        return any(
            all(
                table.name in manifest.tables
                and set(table.schema.names) <= set(manifest.tables[table.name].columns)
                for table in tables
            )
            for manifest in self.manifests
        )


@contextmanager
def open_landing(raw_dir: Path, source: str) -> Iterator[SourceLanding]:
    """Take the lock of a source, clear what dead runs left, and read its manifests.

    Errors: ExtractError when another run of the same source is under way, or when the folder
    can't be written.
    """
    source_dir = raw_dir / source
    with clear_os_errors(source_dir):
        raw_dir.mkdir(parents=True, exist_ok=True)
        source_dir.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(source_dir / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExtractError(
                f"another run of source {source} holds {source_dir / '.lock'}; "
                "wait for it to end, then run again"
            ) from None
        with clear_os_errors(source_dir):
            # Whoever wrote these is dead, or we would not hold the lock.
            for stale in source_dir.glob(f"{PARTIAL_PREFIX}*"):
                shutil.rmtree(stale)
        yield SourceLanding(source, source_dir)
    finally:
        os.close(lock)


@contextmanager
def clear_os_errors(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into an ExtractError that says what to do."""
    try:
        yield
    except OSError as error:
        advice = {
            errno.ENOSPC: "free some space",
            errno.EDQUOT: "free some space",
            errno.EACCES: "give this user write access, or set RAW_DIR to another folder",
            errno.EPERM: "give this user write access, or set RAW_DIR to another folder",
            errno.EROFS: "set RAW_DIR to a folder that can be written",
        }.get(error.errno or 0, "check the disk and RAW_DIR")
        reason = error.strerror or type(error).__name__
        raise ExtractError(
            f"cannot write {path}: {reason}; nothing of this run was kept; {advice} and run again"
        ) from error


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
