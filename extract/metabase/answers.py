"""Rows as they arrive, in two formats, held against what their query must return."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import requests

from extract.errors import ExtractError
from extract.metabase.body import CsvBody, read_whole
from extract.metabase.faults import Passing, fault_of
from extract.metabase.queries import Query
from extract.metabase.tables import CHANGED_AT, Column, Kind

_PATTERNS: dict[Kind, str] = {
    "id": r"\S",
    "whole": r"^-?[0-9]{1,18}$",
    "moment": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$",
    "flag": r"^(true|false)$",
}
_FORMS: dict[Kind, str] = {
    "id": "text that is not blank",
    "whole": "a whole number (amounts in subunits: cast to bigint)",
    "moment": "text such as 2026-10-30T08:15:00Z (in UTC, cast to text)",
    "flag": "true or false",
    "text": "text",
}
_TEMPORAL = ("type/Date", "type/Time", "type/Instant")
_FRACTIONAL = ("type/Float", "type/Decimal")
_WHOLE = ("type/Integer", "type/BigInteger")
_BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What `/api/dataset` said. Whether rows were left out shows in a count, not here."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[list[Any]]


def read_answer(response: requests.Response) -> Answer:
    """Read a JSON answer, whose status code says nothing of whether the query succeeded.

    Errors: Passing for a body that is no answer or contradicts itself, and those of `fault_of`.
    """
    try:
        content = json.loads(read_whole(response))
    except ValueError:
        raise Passing("the answer is not JSON") from None
    if not isinstance(content, dict):
        raise fault_of(content) if isinstance(content, str) else Passing("the answer is no object")
    if content.get("status") != "completed" or content.get("error"):
        raise fault_of(str(content.get("error") or "the query failed without a message"))
    try:
        data = content["data"]
        names = tuple(str(column["name"]) for column in data["cols"])
        types = tuple(str(column.get("base_type") or "type/*") for column in data["cols"])
        rows: list[list[Any]] = data["rows"]
        if content["row_count"] != len(rows) or any(len(row) != len(names) for row in rows):
            raise Passing("the answer's rows contradict its row_count")
    except (KeyError, TypeError):
        raise Passing("the answer lacks rows or columns") from None
    return Answer(names, types, rows)


def check_columns(query: Query, answer: Answer) -> None:
    """Hold the columns of a query against its declaration, by name and type.

    Errors: ExtractError with the first column at fault.
    """
    check_names(query, answer.names)
    types = dict(zip(answer.names, answer.types, strict=True))
    for column in query.table.returned:
        base_type = types[column.name]
        if not _fits(column.kind, base_type):
            raise ExtractError(
                f"{query.path.name}: column {column.name} has {base_type}; "
                f"let the SQL return {_FORMS[column.kind]}"
            )


def _fits(kind: Kind, base_type: str) -> bool:
    if base_type == "type/*":
        return True
    if base_type.startswith((*_TEMPORAL, *_FRACTIONAL)):
        return False
    if kind == "whole":
        return base_type in _WHOLE
    if kind in ("moment", "flag") and base_type in _WHOLE:
        return False
    return base_type != "type/Boolean" or kind == "flag"


def check_names(query: Query, names: Sequence[str]) -> None:
    """Errors: ExtractError when the columns are not exactly those declared, in any order."""
    declared = [column.name for column in query.table.returned]
    lacks = [name for name in declared if name not in names]
    surplus = [name for name in names if name not in declared]
    if not lacks and not surplus and len(names) == len(declared):
        return
    found = [f"lacks {', '.join(lacks)}"] if lacks else []
    found += [f"has {', '.join(surplus)} that nobody asked for"] if surplus else []
    raise ExtractError(
        f"{query.path.name}: the result {' and '.join(found) or 'has a column twice'}; "
        "use lower-case aliases as in extract/metabase/README.md"
    )


def read_export(response: requests.Response, query: Query) -> Iterator[pa.RecordBatch]:
    """Parse a CSV export as it streams in; every column is text.

    Errors: those of `CsvBody`; Passing for rows that do not fit the header.
    """
    declared = [column.name for column in query.table.returned]
    try:
        reader = pyarrow.csv.open_csv(
            CsvBody(response),
            read_options=pyarrow.csv.ReadOptions(block_size=_BLOCK_BYTES, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(declared, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        check_names(query, reader.schema.names)
        for batch in reader:
            yield batch.select(declared)
    except pa.ArrowInvalid as error:
        # Arrow quotes the row, which is nobody's business.
        if "UTF8" in str(error):
            raise Passing("the export is not UTF-8 text") from None
        raise Passing("a row of the export does not fit its header") from None


def shape_rows(answer: Answer, query: Query) -> pa.RecordBatch:
    """Turn the rows of a JSON answer into text columns.

    Errors: ExtractError for a value that has no one spelling as text, such as a float.
    """
    check_names(query, answer.names)
    arrays = []
    for column in query.table.returned:
        at = answer.names.index(column.name)
        arrays.append(
            pa.array([_as_text(row[at], column, query) for row in answer.rows], pa.string())
        )
    return pa.RecordBatch.from_arrays(arrays, [column.name for column in query.table.returned])


def _as_text(value: object, column: Column, query: Query) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    # Integers beyond 2^53 come as text among numbers.
    if isinstance(value, int | str):
        return str(value)
    raise _unfit(query, column)


def check_values(query: Query, batch: pa.RecordBatch) -> None:
    """Hold every value against the form of its kind.

    Errors: ExtractError that names the column; values are never quoted.
    """
    for column in query.table.returned:
        values = batch.column(column.name)
        if column.is_required and values.null_count:
            raise ExtractError(
                f"{query.path.name}: column {column.name} is blank in {values.null_count:,} of "
                f"{len(values):,} rows; it must always be filled"
            )
        pattern = _PATTERNS.get(column.kind)
        if pattern and pc.all(pc.match_substring_regex(values, pattern)).as_py() is False:
            raise _unfit(query, column)
        if column.kind == "moment" and not _is_in_the_calendar(values):
            raise _unfit(query, column)


def _is_in_the_calendar(moments: pa.StringArray) -> bool:
    """Tell whether every day and hour exists; some databases write 0000-00-00 for none."""
    try:
        pc.cast(moments, pa.timestamp("us", "UTC"))
    except pa.ArrowInvalid:
        return False
    return True


def _unfit(query: Query, column: Column) -> ExtractError:
    return ExtractError(
        f"{query.path.name}: column {column.name} has values that are not "
        f"{_FORMS[column.kind]}; correct the SQL"
    )


def comparable(values: pa.StringArray) -> pa.StringArray:
    """Give moments six decimals each, so that their texts sort as they do."""
    seconds = pc.utf8_slice_codeunits(values, 0, 19)
    decimals = pc.utf8_rtrim(pc.utf8_slice_codeunits(values, 20), "Z")
    return pc.binary_join_element_wise(seconds, pc.utf8_rpad(decimals, 6, "0"), ".")


def check_order(query: Query, batch: pa.RecordBatch, since: str, until: str) -> str:
    """Hold `changed_at` to the window and to its order; return the last, comparable.

    Errors: ExtractError when rows come in another order or from outside the window, because pages
    would then leave rows out.
    """
    moments = comparable(batch.column(CHANGED_AT))
    first, last = moments[0].as_py(), moments[-1].as_py()
    is_rising = pc.all(pc.greater_equal(moments.slice(1), moments.slice(0, len(moments) - 1)))
    if first < since or last >= until or is_rising.as_py() is False:
        raise ExtractError(
            f"{query.path.name}: rows are not ordered by {CHANGED_AT} within the window asked "
            "for; see extract/metabase/README.md"
        )
    return str(last)
