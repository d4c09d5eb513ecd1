"""From lines to rows: blank lines, repeated headers, ragged ends, quotes.

A block that is regular, which is nearly every one, is split by Arrow's CSV reader in one go
(`uniform.py`). What that won't take is split here with more patience and the same result.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from extract.marketplace.headers import Match, split_header
from extract.marketplace.quotes import QuotedLines, read_quoted_lines
from extract.marketplace.rejects import TOO_MANY_FIELDS, Reject
from extract.marketplace.text import LineBlock
from extract.marketplace.uniform import UniformReader, trim


@dataclass(frozen=True)
class Rows:
    """Rows of one block, column by column as wide as the header, trimmed, blanks as null.

    `raw` gives the whole text of a row. Rejected rows are not among the columns.
    """

    numbers: pa.Int64Array
    raw: Callable[[int], str]
    columns: list[pa.StringArray]
    rejects: list[Reject] = field(default_factory=list)
    blank_lines: int = 0
    repeated_headers: int = 0


class RowReader:
    """Turns the blocks of one file into rows; holds back a record that a block cuts in two."""

    def __init__(self, match: Match) -> None:
        self._match = match
        self._uniform = UniformReader(match)
        self._blank = rf"^[\s{re.escape(match.delimiter)}]*$"
        # Enough to find the few lines that could be the header again; those are then split.
        # A first column without a name is what a data frame's index leaves.
        start = next(header for header in match.headers if header)
        self._like_header = rf'^[\s"{re.escape(match.delimiter)}]*{re.escape(start)}'
        self._header_seen = False
        self._held: pa.StringArray | None = None

    def read(self, blocks: Iterator[LineBlock]) -> Iterator[Rows]:
        """Yield the rows of a file block by block, the header line left out."""
        block = next(blocks, None)
        if block is not None and self._starts_with_header(block):
            self._header_seen = True
            block = block.without_first_line() or next(blocks, None)
        while block is not None:
            following = next(blocks, None)
            columns = None
            if self._header_seen and self._held is None:
                columns = self._uniform.read(block)
            if columns is not None:
                yield _uniform_rows(block, columns)
            else:
                yield self._read_block(block, is_last=following is None)
            block = following

    def _starts_with_header(self, block: LineBlock) -> bool:
        line = block.content.partition(b"\n")[0].decode()
        cells = split_header(line, self._match.delimiter, quoted=self._match.is_quoted)
        return cells == self._match.headers

    def _read_block(self, block: LineBlock, *, is_last: bool) -> Rows:
        lines, first = block.lines, block.first
        if self._held is not None:
            first -= len(self._held)
            lines = pa.concat_arrays([self._held, lines])
            self._held = None
        headers = self._header_lines(lines)
        quoted = QuotedLines()
        if self._match.is_quoted:
            quoted = read_quoted_lines(lines, first, self._match, set(headers), is_last=is_last)
            if quoted.held_from is not None:
                self._held = lines.slice(quoted.held_from)
                lines = lines.slice(0, quoted.held_from)
            headers = [row for row in headers if row not in quoted.taken and row < len(lines)]
        repeated = len(headers)
        if headers and not self._header_seen:
            repeated -= 1
            self._header_seen = True
        numbers = pa.array(range(first, first + len(lines)), pa.int64())
        is_blank = pc.match_substring_regex(lines, self._blank)
        is_row = pc.and_not(pc.invert(is_blank), is_among(lines, {*quoted.taken, *headers}))
        blank_lines = pc.sum(pc.and_not(is_blank, is_among(lines, quoted.taken))).as_py() or 0
        plain = self._split(lines.filter(is_row), numbers.filter(is_row))
        numbers, raw, columns, rejects = self._merge(plain, quoted)
        return Rows(
            numbers=numbers,
            raw=lambda row: str(raw[row]),
            columns=[trim(column) for column in columns],
            rejects=rejects,
            blank_lines=blank_lines,
            repeated_headers=repeated,
        )

    def _header_lines(self, lines: pa.StringArray) -> list[int]:
        alike = pc.match_substring_regex(lines, self._like_header, ignore_case=True)
        wanted = _folded(self._match.headers)
        found = []
        for position in pc.indices_nonzero(alike).to_pylist():
            line = lines[position].as_py()
            cells = split_header(line, self._match.delimiter, quoted=self._match.is_quoted)
            if _folded(cells) == wanted:
                found.append(position)
        return found

    def _split(self, lines: pa.StringArray, numbers: pa.Int64Array) -> "_Split":
        width, delimiter = self._match.width, self._match.delimiter
        parts = pc.split_pattern(lines, delimiter)
        lengths = parts.value_lengths()
        spilled = [
            row
            for row in pc.indices_nonzero(pc.greater(lengths, width)).to_pylist()
            if any(cell.strip() for cell in parts[row].as_py()[width:])
        ]
        rejects = [
            Reject(numbers[row].as_py(), TOO_MANY_FIELDS, None, lines[row].as_py())
            for row in spilled
        ]
        if spilled:
            is_kept = pc.invert(is_among(lines, set(spilled)))
            lines, numbers = lines.filter(is_kept), numbers.filter(is_kept)
            parts = pc.split_pattern(lines, delimiter)
            lengths = parts.value_lengths()
        starts = parts.offsets.slice(0, len(parts))
        values = parts.values
        columns = []
        for index in range(width):
            at = pc.if_else(pc.greater(lengths, index), pc.add(starts, index), None)
            columns.append(values.take(at))
        return _Split(numbers, lines, columns, rejects)

    def _merge(
        self, plain: "_Split", quoted: QuotedLines
    ) -> tuple[pa.Int64Array, pa.StringArray, list[pa.StringArray], list[Reject]]:
        rejects = [*quoted.rejects, *plain.rejects]
        if not quoted.records:
            return plain.numbers, plain.lines, plain.columns, rejects
        width = self._match.width
        cells = [(record + [""] * width)[:width] for _, _, record in quoted.records]
        numbers = pa.concat_arrays(
            [plain.numbers, pa.array([number for number, _, _ in quoted.records], pa.int64())]
        )
        order = pc.sort_indices(numbers)
        raw = pa.array([text for _, text, _ in quoted.records], pa.string())
        columns = [
            pa.concat_arrays([column, pa.array(values, pa.string())]).take(order)
            for column, values in zip(plain.columns, zip(*cells, strict=True), strict=True)
        ]
        raw = pa.concat_arrays([plain.lines, raw]).take(order)
        return numbers.take(order), raw, columns, rejects


@dataclass(frozen=True)
class _Split:
    numbers: pa.Int64Array
    lines: pa.StringArray
    columns: list[pa.StringArray]
    rejects: list[Reject]


def is_among(lines: pa.StringArray, positions: set[int]) -> pa.BooleanArray:
    """Mark the rows that stand at the given positions."""
    if not positions:
        return pa.repeat(pa.scalar(False), len(lines))
    everywhere = pa.array(range(len(lines)), pa.int64())
    return pc.is_in(everywhere, pa.array(sorted(positions), pa.int64()))


def _uniform_rows(block: LineBlock, columns: list[pa.StringArray]) -> Rows:
    return Rows(
        numbers=pa.array(range(block.first, block.first + block.count), pa.int64()),
        raw=lambda row: str(block.lines[row]),
        columns=columns,
    )


def _folded(cells: Sequence[str]) -> list[str]:
    return [cell.casefold() for cell in cells]
