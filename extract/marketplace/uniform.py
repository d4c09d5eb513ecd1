"""The fast way through a block: Arrow's CSV reader, for blocks that hold no surprise.

It must never read a row differently from `records.py`; where it could, it declines the block.
"""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from extract.marketplace.headers import Match
from extract.marketplace.quotes import whole_record
from extract.marketplace.text import LineBlock

# After so many blocks in a row that were declined, a file is known to be irregular.
_PATIENCE = 3


class UniformReader:
    """Splits regular blocks of one file into columns."""

    def __init__(self, match: Match) -> None:
        self._match = match
        self._names = [str(index) for index in range(match.width)]
        self._required = [match.fields[name].index for name in match.layout.required]
        self._first_header = match.headers[0].casefold()
        self._declined = 0

    def read(self, block: LineBlock) -> list[pa.StringArray] | None:
        """Return the block's columns, trimmed, blanks as null; or None, and nothing has happened.

        None is the answer to ragged rows, blank lines, a header in the middle, cells of several
        lines, doubtful quotes, and stray carriage returns.
        """
        if self._declined >= _PATIENCE:
            return None
        columns = self._split(block)
        self._declined = self._declined + 1 if columns is None else 0
        return columns

    def _split(self, block: LineBlock) -> list[pa.StringArray] | None:
        content = block.content
        has_quotes = self._match.is_quoted and b'"' in content
        if not content or b"\r" in content:
            return None
        if has_quotes:
            is_whole = pc.match_substring_regex(block.lines, whole_record(self._match.delimiter))
            if not pc.all(is_whole).as_py():
                return None
        try:
            table = pacsv.read_csv(
                pa.BufferReader(content),
                read_options=pacsv.ReadOptions(
                    column_names=self._names, use_threads=False, block_size=len(content) + 1
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=self._match.delimiter,
                    quote_char='"' if has_quotes else False,
                    ignore_empty_lines=False,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types={name: pa.string() for name in self._names},
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None
        columns = [column.combine_chunks() for column in table.columns]
        if table.num_rows != block.count or self._is_suspect(columns):
            return None
        return [trim(column) for column in columns]

    def _is_suspect(self, columns: list[pa.StringArray]) -> bool:
        # A line of nothing but separators, or the header once more, is no row.
        if any(columns[index].null_count for index in self._required):
            return True
        firsts = pc.utf8_lower(pc.utf8_trim_whitespace(columns[0]))
        return bool(self._first_header) and bool(
            pc.any(pc.equal(firsts, self._first_header)).as_py()
        )


def trim(column: pa.StringArray) -> pa.StringArray:
    """Take white space off both ends; what is then blank is null."""
    if column.null_count == len(column):
        return column
    trimmed = pc.utf8_trim_whitespace(column)
    is_blank = pc.equal(trimmed, "")
    return pc.if_else(is_blank, None, trimmed) if pc.any(is_blank).as_py() else trimmed
