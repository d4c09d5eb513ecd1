"""Quoted lines of a CSV, among them records of several lines and quotes that nobody closes."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from extract.marketplace.headers import Match
from extract.marketplace.rejects import TOO_MANY_FIELDS, UNBALANCED_QUOTE, Reject

if TYPE_CHECKING:
    from _csv import Reader

# A note in a cell has a few lines. A quote that nobody closes must not swallow the file.
_LONGEST_RECORD = 50
# The csv module refuses a carriage return inside a line; a private character stands in for it.
_RETURN = "\ue00d"


@dataclass
class QuotedLines:
    """What the quoted lines of a block gave.

    `records` are row number, raw text and cells; `taken` the positions in the block that are used
    up; from `held_from` on, the lines must be read again together with the next block.
    """

    records: list[tuple[int, str, list[str]]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    held_from: int | None = None


def whole_record(delimiter: str) -> str:
    """Return the expression for a line that is one record with every quote in its place."""
    mark = re.escape(delimiter)
    quoted = r'"(?:[^"]|"")*"'
    bare = rf'(?: *[^" {mark}][^{mark}]*| +)?'
    return rf"^(?:{quoted}|{bare})(?:{mark}(?:{quoted}|{bare}))*$"


def read_quoted_lines(
    lines: pa.StringArray, first: int, match: Match, skipped: set[int], *, is_last: bool
) -> QuotedLines:
    """Read every line that has a quote, and the lines that belong to it.

    A quote opens a cell only at its start; one in the middle of a bare cell is an inch mark.
    `first` is the number of the first line, `skipped` are positions that are no rows.
    """
    result = QuotedLines()
    has_quote = pc.match_substring(lines, '"')
    is_whole = pc.match_substring_regex(lines, whole_record(match.delimiter))
    ends = 0
    for position in pc.indices_nonzero(pc.and_not(has_quote, is_whole)).to_pylist():
        if position < ends or position in skipped:
            continue
        window = lines.slice(position, _LONGEST_RECORD).to_pylist()
        parsed = _parse(window, match)
        is_cut_off = len(window) < _LONGEST_RECORD and not is_last
        if parsed is None and is_cut_off and _is_open(window[0], match.delimiter):
            result.held_from = position
            break
        cells, count = parsed or (None, 1)
        ends = position + count
        result.taken.update(range(position, ends))
        raw = "\n".join(window[:count])
        if cells is None:
            result.rejects.append(Reject(first + position, UNBALANCED_QUOTE, None, raw))
        else:
            _keep(result, first + position, raw, cells, match.width)
    last = len(lines) if result.held_from is None else result.held_from
    whole = [
        position
        for position in pc.indices_nonzero(pc.and_(has_quote, is_whole)).to_pylist()
        if position < last and position not in result.taken and position not in skipped
    ]
    texts = lines.take(pa.array(whole, pa.int64())).to_pylist()
    records = _csv_reader(texts, match.delimiter)
    for position, raw, cells in zip(whole, texts, records, strict=True):
        _keep(result, first + position, raw, cells, match.width)
    result.taken.update(whole)
    return result


def _keep(result: QuotedLines, number: int, raw: str, cells: list[str], width: int) -> None:
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        result.rejects.append(Reject(number, TOO_MANY_FIELDS, None, raw))
    elif "\r" in raw:
        restored = [cell.replace(_RETURN, "\r") for cell in cells]
        result.records.append((number, raw, restored))
    else:
        result.records.append((number, raw, cells))


def _parse(window: Sequence[str], match: Match) -> tuple[list[str], int] | None:
    """Parse one record from its first line on: its cells and how many lines it took."""
    reader = _csv_reader(window, match.delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        return None
    # Two stray quotes a few lines apart look like one long cell. A line in between that has all
    # the separators of a row is a row, so then the first quote was never a real one.
    inside = window[1 : reader.line_num]
    if any(line.count(match.delimiter) >= match.width - 1 for line in inside):
        return None
    return cells, reader.line_num


def _is_open(line: str, delimiter: str) -> bool:
    # A bare quote closes whatever is still open, and breaks what is wrong for other reasons.
    try:
        next(_csv_reader([line, '"'], delimiter))
    except csv.Error:
        return False
    return True


def _csv_reader(lines: Sequence[str], delimiter: str) -> "Reader":
    ended = (f"{line}\n".replace("\r", _RETURN) for line in lines)
    return csv.reader(ended, delimiter=delimiter, strict=True, skipinitialspace=True)
