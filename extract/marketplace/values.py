"""Columns of text to canonical text: numbers and dates, many rows at once.

Values that are canonical already, which is most of them, are recognised by Arrow. The others go
through Python once per distinct value.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from extract.marketplace.dates import ISO, Rewritten, date_reader
from extract.marketplace.layouts import Layout
from extract.marketplace.numbers import BAD_NUMBER, NumberStyle, number_reader

_PLAIN_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
_WHOLE_NUMBER = r"^-?[0-9]+$"
_CANONICAL_DATE = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?([+-](0[0-9]|1[0-4]):[0-5][0-9])?)?$"
)
_DATE_SPACE_TIME = r"^[0-9-]{10} [0-9]{2}:"
_REMEMBERED = 100_000


@dataclass(frozen=True)
class Canonical:
    """A column in canonical form. `rewritten` marks values that were sent in another form.

    `problems` are the rows whose value can't be read, with the reject code.
    """

    column: pa.StringArray
    rewritten: pa.BooleanArray | None
    problems: dict[int, str]


class ValueReader:
    """Reads the number and date columns of one file, by its layout and its number style."""

    def __init__(self, layout: Layout, style: NumberStyle) -> None:
        self._is_canonical_number = _PLAIN_NUMBER if style.decimal == "." else _WHOLE_NUMBER
        self._number = number_reader(style)
        self._date = date_reader(layout.dates, layout.months)
        self._takes_iso = ISO in layout.dates
        self._real_days: set[str] = set()
        self._known_numbers: dict[str, Rewritten | str] = {}
        self._known_dates: dict[str, Rewritten | str] = {}

    def numbers(self, column: pa.StringArray) -> Canonical:
        """Bring a column of numbers to plain dot decimals."""
        is_fine = pc.match_substring_regex(column, self._is_canonical_number)
        return _finish(column, is_fine, self._read_number, self._known_numbers)

    def dates(self, column: pa.StringArray) -> Canonical:
        """Bring a column of dates to ISO 8601. A space before the time of day becomes a T."""
        if not self._takes_iso:
            never = pc.and_(pc.is_valid(column), False)
            return _finish(column, never, self._date, self._known_dates)
        has_space = pc.match_substring_regex(column, _DATE_SPACE_TIME)
        if pc.any(has_space).as_py():
            column = pc.if_else(has_space, pc.binary_replace_slice(column, 10, 11, "T"), column)
        is_fine = pc.match_substring_regex(column, _CANONICAL_DATE)
        days = pc.utf8_slice_codeunits(column.filter(is_fine), 0, 10)
        unreal = [day for day in pc.unique(days).to_pylist() if not self._is_real(day)]
        if unreal:
            head = pc.utf8_slice_codeunits(column, 0, 10)
            is_fine = pc.and_not(is_fine, pc.is_in(head, pa.array(unreal)))
        return _finish(column, is_fine, self._date, self._known_dates)

    def _is_real(self, day: str) -> bool:
        if day in self._real_days:
            return True
        try:
            date.fromisoformat(day)
        except ValueError:
            return False
        self._real_days.add(day)
        return True

    def _read_number(self, value: str) -> Rewritten | str:
        number = self._number(value)
        return number if number == BAD_NUMBER else Rewritten(number, was_iso=number == value)


def _finish(
    column: pa.StringArray,
    is_fine: pa.BooleanArray,
    read: Callable[[str], Rewritten | str],
    memory: dict[str, Rewritten | str],
) -> Canonical:
    is_other = pc.fill_null(pc.invert(is_fine), False)
    rows = pc.indices_nonzero(is_other)
    if not len(rows):
        return Canonical(column, None, {})
    encoded = column.take(rows).dictionary_encode()
    results = [_recall(value, read, memory) for value in encoded.dictionary.to_pylist()]
    texts = [None if isinstance(result, str) else result.text for result in results]
    changed = [not isinstance(result, str) and not result.was_iso for result in results]
    codes = [result if isinstance(result, str) else None for result in results]

    def spread(values: list[str | None] | list[bool], kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind).take(encoded.indices)

    problems: dict[int, str] = {}
    if any(codes):
        at_fault = zip(rows.to_pylist(), spread(codes, pa.string()).to_pylist(), strict=True)
        problems = {row: code for row, code in at_fault if code is not None}
    return Canonical(
        pc.replace_with_mask(column, is_other, spread(texts, pa.string())),
        pc.replace_with_mask(pc.and_(is_other, False), is_other, spread(changed, pa.bool_())),
        problems,
    )


def _recall(
    value: str, read: Callable[[str], Rewritten | str], memory: dict[str, Rewritten | str]
) -> Rewritten | str:
    result = memory.get(value)
    if result is None:
        if len(memory) >= _REMEMBERED:
            memory.clear()
        result = memory[value] = read(value)
    return result


def json_object(
    names: Sequence[str], columns: Sequence[pa.StringArray], count: int
) -> pa.StringArray:
    """Join columns into one JSON object of text per row, nulls left out; an empty one is null."""
    pieces = []
    for name, column in zip(names, columns, strict=True):
        if column.null_count < len(column):
            prefix = f"{_dump(name)}: "
            pieces.append(pc.binary_join_element_wise(prefix, _quote_all(column), ""))
    if not pieces:
        return pa.nulls(count, pa.string())
    joined = pc.binary_join_element_wise(*pieces, ", ", null_handling="skip")
    joined = pc.if_else(pc.equal(joined, ""), None, joined)
    return pc.binary_join_element_wise("{", joined, "}", "")


def _dump(text: str | None) -> str | None:
    return None if text is None else json.dumps(text, ensure_ascii=False)


def _quote_all(column: pa.StringArray) -> pa.StringArray:
    if pc.any(pc.match_substring_regex(column, r"[\x00-\x1f]")).as_py():
        return pa.array([_dump(text) for text in column.to_pylist()], pa.string())
    for character in ("\\", '"'):
        if pc.any(pc.match_substring(column, character)).as_py():
            column = pc.replace_substring(column, character, f"\\{character}")
    return pc.binary_join_element_wise('"', column, '"', "")
