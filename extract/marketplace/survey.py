"""The first pass over every file: content hash, encoding, header, layout. Nothing lands here."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extract.errors import ExtractError
from extract.marketplace.containers import Container, Member, open_members, refuse_binary
from extract.marketplace.dropfolder import DropFile
from extract.marketplace.headers import Match, match_header
from extract.marketplace.layouts import Layout
from extract.marketplace.text import CHUNK_BYTES, TextForm, TextFormFinder, line_blocks, to_utf8

# A header is in the first few lines; this much is kept to look for it.
_HEAD_BYTES = 256 * 1024


@dataclass(frozen=True)
class Report:
    """One report as the first pass found it. `match` is None when no layout knows its header.

    `size` is the decompressed size in bytes, which is also what `sha256` is of.
    """

    file: DropFile
    label: str
    container: Container
    size: int
    sha256: str
    form: TextForm
    match: Match | None
    problem: str | None = None


def survey(
    files: Sequence[DropFile],
    layouts: Sequence[Layout],
    *,
    skip_unknown: bool,
    on_read: Callable[[int], None],
    on_ignored: Callable[[str], None],
) -> list[Report]:
    """Look at every report of every file, ordered by label.

    Errors: ExtractError for the first file that is damaged, is no text, or has a header that no
    layout knows; `skip_unknown` turns the last of these into a report without a match.
    """
    reports = []
    for file in files:
        for member in open_members(file, on_read, on_ignored):
            report = _inspect(file, member, layouts)
            if report.problem and not skip_unknown:
                raise ExtractError(report.problem)
            reports.append(report)
    return sorted(reports, key=lambda report: report.label)


def _inspect(file: DropFile, member: Member, layouts: Sequence[Layout]) -> Report:
    digest = hashlib.sha256()
    finder = TextFormFinder()
    head, size = b"", 0
    for chunk in member.chunks(CHUNK_BYTES):
        if not size:
            refuse_binary(member.label, chunk)
        digest.update(chunk)
        finder.feed(chunk)
        size += len(chunk)
        if len(head) < _HEAD_BYTES:
            head += chunk[: _HEAD_BYTES - len(head)]
    form = finder.finish(member.label)
    if form.encoding != "utf-16" and b"\x00" in head:
        raise ExtractError(
            f"{member.label} is no text file (or UTF-16 without a byte order mark); "
            "save it as UTF-8 text or take it out of the drop folder"
        )
    match, problem = None, None
    try:
        header = _header_line(head, form, member.label)
        match = match_header(header, file.sub_channel, layouts, member.label)
    except ExtractError as error:
        problem = str(error)
    return Report(
        file=file,
        label=member.label,
        container=member.container,
        size=size,
        sha256=digest.hexdigest(),
        form=form,
        match=match,
        problem=problem,
    )


def _header_line(head: bytes, form: TextForm, label: str) -> str:
    for block in line_blocks(to_utf8([head], form), label):
        for line in block.lines.to_pylist():
            if line.strip(" \t,;"):
                return str(line)
    return ""
