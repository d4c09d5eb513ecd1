"""From lines to rows: splitting, quoting, blank lines, repeated headers, ragged ends.

Lines without quotes, which is nearly all of them, are split by Arrow a block at a time; only
quoted lines of a CSV go through Python one by one.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from extract.marketplace.headers import Match, split_header
from extract.marketplace.text import LineBlock

if TYPE_CHECKING:
    from _csv import Reader

TOO_MANY_FIELDS = "too_many_fields"
UNBALANCED_QUOTE = "unbalanced_quote"

# A note in a cell has a few lines. A quote that nobody closes must not swallow the file.
_LONGEST_RECORD = 50


@dataclass(frozen=True)
class Reject:
    """A row that can't be read. `raw` is personal data and goes nowhere but into raw."""

    row_number: int
    code: str
    header: str | None
    raw: str


@dataclass(frozen=True)
class Rows:
    """Rows of one block, column by column as wide as the header, trimmed, blanks as null.

    `raw` is each row's whole text. Rejected rows are not among the columns.
    """

    numbers: pa.Int64Array
    raw: pa.StringArray
    columns: list[pa.StringArray]
    rejects: list[Reject] = field(default_factory=list)
    blank_lines: int = 0
    repeated_headers: int = 0


class RowReader:
    """Turns the blocks of one file into rows; holds back a record that a block cuts in two."""

    def __init__(self, match: Match) -> None:
        self._match = match
        self._delimiter = match.delimiter
        self._blank = rf"^[\s{re.escape(match.delimiter)}]*$"
        # Enough to find the few lines that could be the header again; those are then split.
        # A first column without a name is what a data frame's index leaves.
        start = next(header for header in match.headers if header)
        self._like_header = rf'^[\s"{re.escape(match.delimiter)}]*{re.escape(start)}'
        self._is_first = True
        self._held: pa.StringArray | None = None

    def read(self, blocks: Iterator[LineBlock]) -> Iterator[Rows]:
        """Yield the rows of a file block by block, the header line left out."""
        block = next(blocks, None)
        while block is not None:
            following = next(blocks, None)
            yield self._read_block(block, is_last=following is None)
            block = following

    def _read_block(self, block: LineBlock, *, is_last: bool) -> Rows:
        lines, first = block.lines, block.first
        if self._held is not None:
            first -= len(self._held)
            lines = pa.concat_arrays([self._held, lines])
            self._held = None
        numbers = pa.array(range(first, first + len(lines)), pa.int64())
        quoted = _Quoted()
        if self._match.is_quoted:
            quoted = self._read_quoted(lines, first, is_last=is_last)
            if quoted.held_from is not None:
                self._held = lines.slice(quoted.held_from)
                lines = lines.slice(0, quoted.held_from)
                numbers = numbers.slice(0, quoted.held_from)
        skipped = set(quoted.taken)
        headers = self._header_lines(lines, skipped)
        repeated = len(headers)
        if self._is_first and headers:
            repeated -= 1
            self._is_first = False
        skipped.update(headers)
        is_blank = pc.match_substring_regex(lines, self._blank)
        if skipped:
            is_left = pc.invert(pc.is_in(_positions(lines), pa.array(sorted(skipped), pa.int64())))
            blank_lines = pc.sum(pc.and_(is_blank, is_left)).as_py() or 0
            is_row = pc.and_not(is_left, is_blank)
        else:
            blank_lines = pc.sum(is_blank).as_py() or 0
            is_row = pc.invert(is_blank)
        if blank_lines or skipped:
            lines, numbers = lines.filter(is_row), numbers.filter(is_row)
        plain = self._split(lines, numbers)
        rows = self._merge(plain, quoted) if quoted.records else plain
        return Rows(
            numbers=rows.numbers,
            raw=rows.raw,
            columns=[_trim(column) for column in rows.columns],
            rejects=[*quoted.rejects, *rows.rejects],
            blank_lines=blank_lines,
            repeated_headers=repeated,
        )

    def _header_lines(self, lines: pa.StringArray, skipped: set[int]) -> list[int]:
        alike = pc.match_substring_regex(lines, self._like_header, ignore_case=True)
        wanted = _folded(self._match.headers)
        found = []
        for position in pc.indices_nonzero(alike).to_pylist():
            if position not in skipped:
                cells = split_header(
                    lines[position].as_py(), self._delimiter, quoted=self._match.is_quoted
                )
                if _folded(cells) == wanted:
                    found.append(position)
        return found

    def _split(self, lines: pa.StringArray, numbers: pa.Int64Array) -> Rows:
        width = self._match.width
        parts = pc.split_pattern(lines, self._delimiter)
        lengths = parts.value_lengths()
        rejects: list[Reject] = []
        over = pc.indices_nonzero(pc.greater(lengths, width)).to_pylist()
        spilled = [row for row in over if any(_beyond(lines[row].as_py(), self._delimiter, width))]
        if spilled:
            rejects = [
                Reject(numbers[row].as_py(), TOO_MANY_FIELDS, None, lines[row].as_py())
                for row in spilled
            ]
            is_kept = pc.invert(pc.is_in(_positions(lines), pa.array(spilled, pa.int64())))
            lines, numbers = lines.filter(is_kept), numbers.filter(is_kept)
            parts = pc.split_pattern(lines, self._delimiter)
            lengths = parts.value_lengths()
        is_short = len(lines) > 0 and pc.min(lengths).as_py() < width
        take = _take_ragged(parts, lengths) if is_short else lambda at: pc.list_element(parts, at)
        return Rows(numbers, lines, [take(index) for index in range(width)], rejects)

    def _read_quoted(self, lines: pa.StringArray, first: int, *, is_last: bool) -> "_Quoted":
        result = _Quoted()
        headers = set(self._header_lines(lines, set()))
        has_quote = pc.match_substring(lines, '"')
        positions = pc.indices_nonzero(has_quote).to_pylist()
        ends = 0
        for position, text in zip(positions, lines.filter(has_quote).to_pylist(), strict=True):
            if position < ends or position in headers:
                continue
            window = [text]
            parsed = self._parse(window)
            if parsed is None and self._is_open(text):
                window = lines.slice(position, _LONGEST_RECORD).to_pylist()
                parsed = self._parse(window)
                if parsed is None and len(window) < _LONGEST_RECORD and not is_last:
                    result.held_from = position
                    break
            cells, count = parsed or (None, 1)
            raw = "\n".join(window[:count])
            ends = position + count
            result.taken.extend(range(position, ends))
            if cells is None:
                result.rejects.append(Reject(first + position, UNBALANCED_QUOTE, None, raw))
            elif any(cell.strip() for cell in cells[self._match.width :]):
                result.rejects.append(Reject(first + position, TOO_MANY_FIELDS, None, raw))
            else:
                result.records.append((first + position, raw, cells))
        return result

    def _parse(self, window: Sequence[str]) -> tuple[list[str], int] | None:
        """Parse one record from its first line on: its cells and how many lines it took."""
        reader = self._csv_reader(window)
        try:
            cells = next(reader)
        except csv.Error:
            return None
        # Two stray quotes a few lines apart look like one long cell. A line in between that has
        # all the separators of a row is a row, so then the first quote was never a real one.
        inside = window[1 : reader.line_num]
        if any(line.count(self._delimiter) >= self._match.width - 1 for line in inside):
            return None
        return cells, reader.line_num

    def _is_open(self, line: str) -> bool:
        # A bare quote closes whatever is still open, and breaks what is wrong for other reasons.
        try:
            next(self._csv_reader([line, '"']))
        except csv.Error:
            return False
        return True

    def _csv_reader(self, lines: Sequence[str]) -> "Reader":
        return csv.reader(
            (f"{line}\n" for line in lines),
            delimiter=self._delimiter,
            strict=True,
            skipinitialspace=True,
        )

    def _merge(self, plain: Rows, quoted: "_Quoted") -> Rows:
        width = self._match.width
        numbers = pa.array([number for number, _, _ in quoted.records], pa.int64())
        raw = pa.array([text for _, text, _ in quoted.records], pa.string())
        cells = [(record + [""] * width)[:width] for _, _, record in quoted.records]
        columns = [pa.array(values, pa.string()) for values in zip(*cells, strict=True)]
        if not len(plain.numbers):
            return Rows(numbers, raw, columns, plain.rejects)
        all_numbers = pa.concat_arrays([plain.numbers, numbers])
        order = pc.sort_indices(all_numbers)
        return Rows(
            all_numbers.take(order),
            pa.concat_arrays([plain.raw, raw]).take(order),
            [
                pa.concat_arrays([left, right]).take(order)
                for left, right in zip(plain.columns, columns, strict=True)
            ],
            plain.rejects,
        )


@dataclass
class _Quoted:
    """What the quoted lines of a block gave. Positions are within the block."""

    records: list[tuple[int, str, list[str]]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    held_from: int | None = None


def _take_ragged(parts: pa.ListArray, lengths: pa.Int32Array) -> Callable[[int], pa.StringArray]:
    starts = parts.offsets.slice(0, len(parts))
    values = parts.values

    def take(index: int) -> pa.StringArray:
        at = pc.if_else(pc.greater(lengths, index), pc.add(starts, index), None)
        return values.take(at)

    return take


def _beyond(line: str, delimiter: str, width: int) -> Iterator[str]:
    return (cell for cell in line.split(delimiter)[width:] if cell.strip())


def _trim(column: pa.StringArray) -> pa.StringArray:
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _positions(lines: pa.StringArray) -> pa.Int64Array:
    return pa.array(range(len(lines)), pa.int64())


def _folded(cells: Sequence[str]) -> list[str]:
    return [cell.casefold() for cell in cells]
