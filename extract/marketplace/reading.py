"""The second pass over a report that lands: rows, shapes, counts."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.errors import ExtractError
from extract.landing import Run
from extract.marketplace.containers import Member
from extract.marketplace.numbers import COMMA, DOT, NumberStyle
from extract.marketplace.records import RowReader, Rows
from extract.marketplace.rejects import Reject
from extract.marketplace.shape import Origin, Shaper, choose_style, count_styles
from extract.marketplace.survey import Report
from extract.marketplace.tables import REJECTS
from extract.marketplace.text import CHUNK_BYTES, line_blocks, to_utf8


@dataclass
class Counts:
    """What became of the lines of one report. Blank lines and repeated headers are not rows."""

    rows_landed: int = 0
    blank_lines: int = 0
    repeated_headers: int = 0
    first_day: str | None = None
    last_day: str | None = None
    rejected: Counter[str] = field(default_factory=Counter)

    @property
    def rows_rejected(self) -> int:
        """Rows that went to `rejects`."""
        return self.rejected.total()

    @property
    def rows_in(self) -> int:
        """Rows of the report, landed or rejected."""
        return self.rows_landed + self.rows_rejected


def read_rows(member: Member, report: Report) -> Iterator[Rows]:
    """Read a report as the first pass found it.

    Errors: ExtractError when its content is no longer what the first pass saw.
    """
    assert report.match is not None
    digest = hashlib.sha256()

    def hashed() -> Iterator[bytes]:
        for chunk in member.chunks(CHUNK_BYTES):
            digest.update(chunk)
            yield chunk

    lines = line_blocks(to_utf8(hashed(), report.form), report.label)
    yield from RowReader(report.match).read(lines)
    if digest.hexdigest() != report.sha256:
        raise ExtractError(
            f"{report.label} changed while it was read, so nothing was landed; "
            "run again when it is complete"
        )


def find_style(member: Member, report: Report) -> tuple[NumberStyle, str | None]:
    """Look through a report whose layout admits two number styles, and settle on one.

    Returns the style, and a warning when the report has both.
    """
    assert report.match is not None
    counts = count_styles(report.match, read_rows(member, report))
    style = choose_style(report.match, counts)
    minority = counts[COMMA if style.decimal == DOT else DOT]
    if not minority:
        return style, None
    return style, (
        f"{report.label}: numbers are written in two styles, {counts[DOT]:,} with a dot and "
        f"{counts[COMMA]:,} with a comma; the rows of the rarer one are rejects"
    )


def land_rows(member: Member, report: Report, style: NumberStyle, run: Run) -> Counts:
    """Write the rows of one report into the run, block by block."""
    assert report.match is not None
    origin = Origin(report.label, report.file.sub_channel, report.sha256)
    shaper = Shaper(report.match, style, origin)
    counts = Counts()
    for rows in read_rows(member, report):
        shaped = shaper.shape(rows)
        run.write(report.match.layout.table, shaped.batch)
        rejects = sorted([*rows.rejects, *shaped.rejects], key=_row_number)
        if rejects:
            run.write(REJECTS.name, shaper.shape_rejects(rejects))
        counts.rows_landed += shaped.batch.num_rows
        counts.blank_lines += rows.blank_lines
        counts.repeated_headers += rows.repeated_headers
        counts.rejected.update(reject.code for reject in rejects)
        days = [
            day
            for day in (counts.first_day, counts.last_day, shaped.first_day, shaped.last_day)
            if day is not None
        ]
        if days:
            counts.first_day, counts.last_day = min(days), max(days)
    return counts


def _row_number(reject: Reject) -> int:
    return reject.row_number
