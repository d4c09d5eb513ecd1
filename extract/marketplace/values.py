"""Columns of text to canonical text: numbers and dates, many rows at once.

Columns repeat themselves, so each distinct value of a block is looked at once. Those that are
canonical already, which is most, are recognised by Arrow; the others go through Python.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from extract.marketplace.dates import ISO, Rewritten, date_reader
from extract.marketplace.layouts import Layout
from extract.marketplace.numbers import NumberStyle, number_reader
from extract.marketplace.rejects import BAD_NUMBER

_PLAIN_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
_WHOLE_NUMBER = r"^-?[0-9]+$"
# Spreadsheets write 2.0 for two.
_WHOLE_QUANTITY = r"^-?[0-9]+(\.0+)?$"
_UNSIGNED_QUANTITY = r"^[0-9]+(\.0+)?$"
# Days that exist in every year; the 29th of February goes the slow way.
_DAY = (
    r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_CANONICAL_DATE = (
    rf"^[12][0-9]{{3}}-{_DAY}(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,9}})?"
    r"([+-](0[0-9]|1[0-4]):[0-5][0-9])?)?$"
)
_DATE_SPACE_TIME = r"^[0-9-]{10} [0-9]{2}:"
_COMMA = ", "


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

    def numbers(self, column: pa.StringArray) -> Canonical:
        """Bring a column of numbers to plain dot decimals."""
        encoded = column.dictionary_encode()
        is_fine = pc.match_substring_regex(encoded.dictionary, self._is_canonical_number)
        return _finish(column, encoded, encoded.dictionary, is_fine, self._read_number)

    def quantities(self, column: pa.StringArray, *, may_be_negative: bool) -> Canonical:
        """Bring a column of counts to plain numbers; half a unit or less than none is a problem."""
        read = self.numbers(column)
        encoded = read.column.dictionary_encode()
        pattern = _WHOLE_QUANTITY if may_be_negative else _UNSIGNED_QUANTITY
        is_count = pc.match_substring_regex(encoded.dictionary, pattern)
        odd = pc.indices_nonzero(pc.invert(is_count))
        if not len(odd):
            return read
        is_odd = pc.is_in(encoded.indices, odd.cast(encoded.indices.type))
        found = dict.fromkeys(pc.indices_nonzero(is_odd).to_pylist(), BAD_NUMBER)
        return Canonical(read.column, read.rewritten, {**found, **read.problems})

    def dates(self, column: pa.StringArray) -> Canonical:
        """Bring a column of dates to ISO 8601. A space before the time of day becomes a T."""
        encoded = column.dictionary_encode()
        values = encoded.dictionary
        if not self._takes_iso:
            never = pa.repeat(pa.scalar(False), len(values))
            return _finish(column, encoded, values, never, self._date)
        has_space = pc.match_substring_regex(values, _DATE_SPACE_TIME)
        values = pc.if_else(has_space, pc.binary_replace_slice(values, 10, 11, "T"), values)
        is_fine = pc.match_substring_regex(values, _CANONICAL_DATE)
        return _finish(column, encoded, values, is_fine, self._date)

    def _read_number(self, value: str) -> Rewritten | str:
        number = self._number(value)
        return number if number == BAD_NUMBER else Rewritten(number, was_iso=number == value)


def _finish(
    column: pa.StringArray,
    encoded: pa.DictionaryArray,
    values: pa.StringArray,
    is_fine: pa.BooleanArray,
    read: Callable[[str], Rewritten | str],
) -> Canonical:
    """Read the distinct values that are not fine yet, and spread the result over the rows."""
    others = pc.indices_nonzero(pc.invert(is_fine)).to_pylist()
    if not others and values.equals(encoded.dictionary):
        return Canonical(column, None, {})
    if not others:
        return Canonical(values.take(encoded.indices), None, {})
    texts = values.to_pylist()
    rewritten = [False] * len(texts)
    codes: dict[int, str] = {}
    for index in others:
        result = read(texts[index])
        if isinstance(result, str):
            texts[index], codes[index] = None, result
        else:
            texts[index], rewritten[index] = result.text, not result.was_iso
    problems: dict[int, str] = {}
    if codes:
        is_bad = pc.is_in(encoded.indices, pa.array(list(codes), encoded.indices.type))
        for row in pc.indices_nonzero(is_bad).to_pylist():
            problems[row] = codes[encoded.indices[row].as_py()]
    return Canonical(
        pa.array(texts, pa.string()).take(encoded.indices),
        pc.fill_null(pa.array(rewritten).take(encoded.indices), False),
        problems,
    )


def json_object(
    names: Sequence[str], columns: Sequence[pa.StringArray], count: int
) -> pa.StringArray:
    """Join columns into one JSON object of text per row, nulls left out; an empty one is null."""
    pieces = [
        _json_member(name, column)
        for name, column in zip(names, columns, strict=True)
        if column.null_count < len(column)
    ]
    if not pieces:
        return pa.nulls(count, pa.string())
    # Not null_handling="skip": it leaves out the rows in which every column is null.
    joined = pc.binary_join_element_wise(*pieces, "", null_handling="replace", null_replacement="")
    joined = pc.if_else(pc.equal(joined, ""), None, joined)
    opened = pc.binary_replace_slice(joined, 0, len(_COMMA), "{")
    return pc.binary_join_element_wise(opened, "}", "")


def _json_member(name: str, column: pa.StringArray) -> pa.StringArray:
    encoded = column.dictionary_encode()
    values = encoded.dictionary
    key = f"{_COMMA}{json.dumps(name, ensure_ascii=False)}: "
    if pc.any(pc.match_substring_regex(values, r'["\\\x00-\x1f]')).as_py():
        quoted = [json.dumps(value, ensure_ascii=False) for value in values.to_pylist()]
        values = pc.binary_join_element_wise(key, pa.array(quoted), "")
    else:
        values = pc.binary_join_element_wise(f'{key}"', values, '"', "")
    return values.take(encoded.indices)
