"""From rows of text to a table's Arrow columns, and rejects for the rows that won't do. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from extract.marketplace.headers import Match
from extract.marketplace.layouts import EntryRule, normalise
from extract.marketplace.numbers import COMMA, DOT, EVIDENCE, NumberStyle
from extract.marketplace.records import Rows
from extract.marketplace.rejects import MISSING_REQUIRED, Reject
from extract.marketplace.tables import MOMENT_FIELDS, NUMBER_FIELDS, QUANTITY_FIELDS
from extract.marketplace.values import Canonical, ValueReader, json_object


@dataclass(frozen=True)
class Origin:
    """The file that rows come from, as every row will say."""

    label: str
    sub_channel: str
    sha256: str


@dataclass(frozen=True)
class Shaped:
    """The landed rows of one block and the rejected ones. Days are of the window field."""

    batch: pa.RecordBatch
    rejects: list[Reject]
    first_day: str | None
    last_day: str | None


class Shaper:
    """Shapes the rows of one file."""

    def __init__(self, match: Match, style: NumberStyle, origin: Origin) -> None:
        self._match = match
        self._layout = match.layout
        self._origin = origin
        self._values = ValueReader(match.layout, style)
        self._is_ledger = match.layout.table == "ledger_lines"

    def shape(self, rows: Rows) -> Shaped:
        """Check the rows and turn them into the columns of the layout's table."""
        faults: dict[int, tuple[str, str]] = {}
        sent = {name: self._taken(rows, name) for name in self._match.fields}
        for name in self._layout.required:
            for row in pc.indices_nonzero(pc.is_null(sent[name])).to_pylist():
                faults.setdefault(row, (MISSING_REQUIRED, self._match.fields[name].header))
        fields: dict[str, pa.Array] = {}
        rewritten: dict[str, pa.Array] = {}
        for name, column in sent.items():
            canonical = self._canonical(name, column)
            fields[name] = canonical.column
            if canonical.rewritten is not None:
                rewritten[name] = pc.if_else(canonical.rewritten, column, None)
            for row, code in canonical.problems.items():
                faults.setdefault(row, (code, self._match.fields[name].header))
        count = len(rows.numbers)
        fields |= self._said_by_layout(fields, rows, count)
        fields["_row_number"] = rows.numbers
        fields["_as_sent"] = json_object(list(rewritten), list(rewritten.values()), count)
        extras = self._match.extras
        fields["_extra"] = json_object(
            [column.header for column in extras],
            [rows.columns[column.index] for column in extras],
            count,
        )
        fields["_source_file"] = _repeat(self._origin.label, count)
        fields["_file_sha256"] = _repeat(self._origin.sha256, count)
        batch = pa.RecordBatch.from_pydict(fields)
        rejects = []
        if faults:
            rejects = [
                Reject(rows.numbers[row].as_py(), *faults[row], rows.raw(row))
                for row in sorted(faults)
            ]
            positions = pa.array(range(count), pa.int64())
            is_bad = pc.is_in(positions, pa.array(list(faults), pa.int64()))
            batch = batch.filter(pc.invert(is_bad))
        # ISO sorts by day first, so the day of the smallest moment is the smallest day.
        bounds = pc.min_max(batch.column(self._layout.window_field)).as_py()
        first, last = (bounds[end] and bounds[end][:10] for end in ("min", "max"))
        return Shaped(batch, rejects, first, last)

    def shape_rejects(self, rejects: Sequence[Reject]) -> pa.RecordBatch:
        """Turn rejected rows into the columns of table `rejects`."""
        count = len(rejects)
        return pa.RecordBatch.from_pydict(
            {
                "sub_channel": _repeat(self._origin.sub_channel, count),
                "layout": _repeat(self._layout.name, count),
                "reason_code": pa.array([reject.code for reject in rejects], pa.string()),
                "field": pa.array([reject.header for reject in rejects], pa.string()),
                "raw_text": pa.array([reject.raw for reject in rejects], pa.string()),
                "_source_file": _repeat(self._origin.label, count),
                "_file_sha256": _repeat(self._origin.sha256, count),
                "_row_number": pa.array([reject.row_number for reject in rejects], pa.int64()),
            }
        )

    def _taken(self, rows: Rows, name: str) -> pa.StringArray:
        column = self._match.fields[name]
        values = rows.columns[column.index]
        if column.pattern is None:
            return values
        return pc.replace_substring_regex(values, f"^(?:{column.pattern})$", r"\1")

    def _canonical(self, name: str, column: pa.StringArray) -> Canonical:
        if name in QUANTITY_FIELDS:
            return self._values.quantities(column, may_be_negative=self._is_ledger)
        if name in NUMBER_FIELDS:
            return self._values.numbers(column)
        if name in MOMENT_FIELDS:
            return self._values.dates(column)
        return Canonical(column, None, {})

    def _said_by_layout(
        self, fields: dict[str, pa.Array], rows: Rows, count: int
    ) -> dict[str, pa.Array]:
        layout = self._layout
        said = {name: _repeat(value, count) for name, value in layout.constants.items()}
        said["sub_channel"] = _repeat(self._origin.sub_channel, count)
        said["layout"] = _repeat(layout.name, count)
        if layout.table == "order_lines":
            said["row_unit"] = _repeat(layout.row_is, count)
        elif layout.table == "return_lines":
            said["implies_refund"] = pa.repeat(pa.scalar(layout.implies_refund), count)
        else:
            is_other = self._meets(layout.other, fields, rows, count)
            is_cancellation = self._meets(layout.cancellation, fields, rows, count)
            kind = pc.if_else(is_other, "other", "sale")
            said["entry_kind"] = pc.if_else(is_cancellation, "cancellation", kind)
        return said

    def _meets(
        self, rule: EntryRule | None, fields: dict[str, pa.Array], rows: Rows, count: int
    ) -> pa.BooleanArray:
        meets = pa.repeat(pa.scalar(False), count)
        if rule is None:
            return meets
        if rule.document_id_prefix:
            starts = pc.starts_with(fields["document_id"], rule.document_id_prefix)
            meets = pc.or_(meets, pc.fill_null(starts, False))
        if rule.negative_quantity and "quantity" in fields:
            is_negative = pc.starts_with(fields["quantity"], "-")
            meets = pc.or_(meets, pc.fill_null(is_negative, False))
        if rule.column is not None:
            wanted = normalise(rule.column)
            for index, header in enumerate(self._match.headers):
                if normalise(header) == wanted:
                    values = pa.array([value.casefold() for value in rule.values])
                    found = pc.is_in(pc.utf8_lower(rows.columns[index]), values)
                    meets = pc.or_(meets, found)
        return meets


def count_styles(match: Match, all_rows: Iterable[Rows]) -> dict[str, int]:
    """Count the values of a file that can only have been written in one of the two styles."""
    counts = {DOT: 0, COMMA: 0}
    indexes = [column.index for name, column in match.fields.items() if name in NUMBER_FIELDS]
    for rows in all_rows:
        for index in indexes:
            for style, pattern in EVIDENCE.items():
                found = pc.match_substring_regex(rows.columns[index], pattern)
                counts[style] += pc.sum(found).as_py() or 0
    return counts


def choose_style(match: Match, counts: dict[str, int]) -> NumberStyle:
    """Settle one style for a file of a layout that admits two: the one most values have."""
    decimal = COMMA if counts[COMMA] > counts[DOT] else DOT
    return NumberStyle(decimal, match.layout.thousands, needs_decimals=True)


def _repeat(value: str, count: int) -> pa.StringArray:
    return pa.repeat(pa.scalar(value, pa.string()), count)
