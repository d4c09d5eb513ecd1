"""Writes one report file, quirks included, row by row."""

import gzip
import io
import os
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from demo.reports.plan import BadRow, Container, Quirk

_ZIP_DATE = (2026, 1, 1, 0, 0, 0)
_SUFFIXES: dict[Container, str] = {"none": "", "gzip": ".gz", "zip": ".zip"}


@dataclass
class FileFacts:
    """What was written into one file. `rows` counts good rows, `rejects` the planted bad ones."""

    path: str
    sub_channel: str
    report: str
    encoding: str
    container: Container
    columns: int
    rows: int = 0
    rejects: list[str] = field(default_factory=list)
    blank_lines: int = 0
    repeated_headers: int = 0
    duplicate_of: str | None = None
    corrected_by: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        return asdict(self)


class ReportFile:
    """One report file being written, the header first. Without a row there is no file.

    Same rows, same bytes: archives carry no clock and no name of a machine. `path` is relative to
    `root`; None as `root` counts the rows and writes nothing.
    """

    def __init__(
        self,
        root: Path | None,
        path: str,
        names: tuple[str, str],
        header: Sequence[str],
        delimiter: str,
        quirk: Quirk,
    ) -> None:
        self._quirk = quirk
        self._header = tuple(header)
        self._delimiter = delimiter
        self.facts = FileFacts(
            path=path + _SUFFIXES[quirk.container],
            sub_channel=names[0],
            report=names[1],
            encoding=quirk.encoding,
            container=quirk.container,
            columns=len(header),
        )
        self._path = None if root is None else root / self.facts.path
        self._layers: list[IO[Any]] = []
        self._member_name = Path(path).name
        self._out: IO[str] | None = None
        self.is_begun = False

    def write_rows(self, rows: Sequence[str]) -> None:
        """Add rows that the SQL worded."""
        if not rows:
            return
        self._begin()
        self.facts.rows += len(rows)
        if self._quirk.repeats_header and not self.facts.repeated_headers:
            self._write([rows[0], self._header_line(), *rows[1:]])
            self.facts.repeated_headers = 1
        else:
            self._write(rows)

    def close(self, modified_at: datetime) -> None:
        """Add what stands at the end of the file, close it and set its time."""
        for bad_row in self._quirk.bad_rows:
            self._begin()
            self._write([self._bad_line(bad_row)])
            self.facts.rejects.append(bad_row.reason_code)
        if not self.is_begun:
            return
        if self._quirk.blank_lines:
            self._write([""] * self._quirk.blank_lines, is_bare=True)
            self.facts.blank_lines = self._quirk.blank_lines
        self.abandon()
        if self._path is not None:
            set_time(self._path, modified_at)

    def abandon(self) -> None:
        """Close the file as it is."""
        while self._layers:
            self._layers.pop().close()

    def _begin(self) -> None:
        if self.is_begun:
            return
        self.is_begun = True
        if self._path is not None:
            self._out = self._open(self._path)
        self._write([self._header_line()])

    def _open(self, path: Path) -> IO[str]:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = self._kept(path.open("wb"))
        if self._quirk.container == "gzip":
            # No name and no clock in the gzip header.
            stream = self._kept(cast(IO[bytes], gzip.GzipFile("", "wb", 6, stream, mtime=0)))
        elif self._quirk.container == "zip":
            archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
            self._layers.append(cast(IO[Any], archive))
            member = zipfile.ZipInfo(self._member_name, _ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            stream = self._kept(archive.open(member, "w"))
        text = io.TextIOWrapper(
            stream, encoding=self._quirk.encoding, newline="", write_through=False
        )
        self._layers.append(text)
        return text

    def _kept(self, stream: IO[bytes]) -> IO[bytes]:
        self._layers.append(stream)
        return stream

    def _write(self, lines: Iterable[str], *, is_bare: bool = False) -> None:
        if self._out is None:
            return
        end = self._quirk.line_end
        if not is_bare and self._quirk.is_cut_short:
            lines = (line.rstrip(self._delimiter) for line in lines)
        tail = "" if is_bare else self._delimiter * self._quirk.blank_columns
        self._out.write("".join(f"{line}{tail}{end}" for line in lines))

    def _header_line(self) -> str:
        return self._delimiter.join(self._header)

    def _bad_line(self, bad_row: BadRow) -> str:
        if bad_row.raw:
            return bad_row.raw
        cells = [bad_row.cells.get(name, "") for name in self._header]
        return self._delimiter.join([*cells, bad_row.beyond] if bad_row.beyond else cells)


def set_time(path: Path, moment: datetime) -> None:
    """Set the time at which a file was last changed."""
    seconds = moment.timestamp()
    os.utime(path, (seconds, seconds))
