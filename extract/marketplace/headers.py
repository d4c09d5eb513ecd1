"""Header lines: which layout a file has, and which of its columns feeds which field."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.errors import ExtractError
from extract.marketplace.layouts import DELIMITERS, Layout, normalise

_SHOWN = 6
_LOOKS_LIKE_DATA = re.compile(r"@|\d{3}|^[\d.,]+$")
_DELIMITER_NAMES = {character: name for name, character in DELIMITERS.items()}


@dataclass(frozen=True)
class Column:
    """A column of one file that feeds a field."""

    index: int
    header: str
    pattern: str | None


@dataclass(frozen=True)
class Match:
    """How one file is read: its layout, its delimiter, and where each field stands in it."""

    layout: Layout
    delimiter: str
    headers: tuple[str, ...]
    fields: dict[str, Column]
    extras: tuple[Column, ...]
    unknown: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many columns a row has."""
        return len(self.headers)

    @property
    def is_quoted(self) -> bool:
        """Whether quotes mean something in this file."""
        return self.layout.is_quoted(self.delimiter)


def split_header(line: str, delimiter: str, *, quoted: bool) -> tuple[str, ...]:
    """Split a header line into trimmed names; blank ones at the end are no columns."""
    cells = next(csv.reader([line], delimiter=delimiter), []) if quoted else line.split(delimiter)
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def match_header(line: str, sub_channel: str, layouts: Sequence[Layout], label: str) -> Match:
    """Find the layout of a header line.

    A layout fits when every required header is there; of several, the one that knows the largest
    share of the headers is taken, then the one that knows more of its own, then the narrower one.
    Errors: ExtractError naming the file, its first headers and the nearest layout.
    """
    tried = [
        (layout, delimiter, headers)
        for layout in layouts
        if layout.serves(sub_channel)
        for delimiter in layout.delimiters
        if (headers := split_header(line, delimiter, quoted=layout.is_quoted(delimiter)))
    ]
    fitting = [(*_rank(*attempt), *attempt) for attempt in tried if not _missing(*attempt)]
    if not fitting:
        raise ExtractError(f"{label}: {_explain(line, sub_channel, layouts)}")
    layout, delimiter, headers = max(fitting, key=lambda ranked: ranked[:4])[4:]
    return _assign(layout, delimiter, headers, label)


def _assign(layout: Layout, delimiter: str, headers: tuple[str, ...], label: str) -> Match:
    positions: dict[str, list[int]] = {}
    for index, header in enumerate(headers):
        positions.setdefault(normalise(header), []).append(index)
    fields: dict[str, Column] = {}
    for name, rule in layout.columns.items():
        found = next((header for header in rule.header if normalise(header) in positions), None)
        if found is None:
            continue
        indexes = positions[normalise(found)]
        if len(indexes) > 1:
            raise ExtractError(
                f"{label}: the header {found!r} stands {len(indexes)} times, so it is not clear "
                f"which one is {name}; rename or remove the other"
            )
        fields[name] = Column(indexes[0], headers[indexes[0]], rule.pattern)
    used = {column.index for column in fields.values()}
    extras = _extras(headers, used)
    known = {normalise(header) for header in layout.also_known} | _mapped(layout)
    unknown = tuple(
        headers[column.index] or column.header
        for column in extras
        if normalise(headers[column.index]) not in known
    )
    return Match(layout, delimiter, headers, fields, extras, unknown)


def _extras(headers: Sequence[str], used: set[int]) -> tuple[Column, ...]:
    columns: list[Column] = []
    names: set[str] = set()
    for index, header in enumerate(headers):
        if index in used:
            continue
        name, copy = header or f"column {index + 1}", 1
        while name in names:
            copy += 1
            name = f"{header} ({copy})"
        names.add(name)
        columns.append(Column(index, name, None))
    return tuple(columns)


def _mapped(layout: Layout) -> set[str]:
    return {normalise(header) for rule in layout.columns.values() for header in rule.header}


def _missing(layout: Layout, _delimiter: str, headers: Iterable[str]) -> list[str]:
    present = {normalise(header) for header in headers}
    return [
        " or ".join(layout.columns[name].header)
        for name in layout.required
        if not any(normalise(header) in present for header in layout.columns[name].header)
    ]


def _rank(layout: Layout, _delimiter: str, headers: Iterable[str]) -> tuple[float, int, bool, str]:
    known = _mapped(layout) | {normalise(header) for header in layout.also_known}
    present = {normalise(header) for header in headers}
    shared = len(present & known)
    return shared / len(present), shared, "*" not in layout.sub_channels, layout.name


def _explain(line: str, sub_channel: str, layouts: Iterable[Layout]) -> str:
    advice = "add a layout map (extract/README.md) or leave such files out with --skip-unknown"
    if not line.strip():
        return f"is empty; {advice}"
    delimiter = max(DELIMITERS.values(), key=line.count)
    headers = split_header(line, delimiter, quoted=delimiter != "\t")
    if any(_LOOKS_LIKE_DATA.search(header) for header in headers):
        # Never shown: the first line of a file without a header is a customer's order.
        return f"its first line is no header but looks like a row of data; {advice}"
    present = {normalise(header) for header in headers}

    def closeness(layout: Layout) -> tuple[float, float, bool, str]:
        mapped = _mapped(layout)
        shared = len(present & mapped)
        # First how much of the header it explains, then how little of its own is missing.
        likeness = shared / len(present | mapped)
        return shared / len(present), likeness, layout.serves(sub_channel), layout.name

    nearest = max(layouts, key=closeness)
    known = _mapped(nearest) | {normalise(header) for header in nearest.also_known}
    extra = [name for name in headers if normalise(name) not in known]
    reasons = []
    if missing := _missing(nearest, delimiter, headers):
        reasons.append(f"misses {_short(missing)}")
    if extra:
        reasons.append(f"does not know {_short(extra)}")
    if delimiter not in nearest.delimiters:
        reasons.append(f"wants {nearest.delimiter} between columns")
    if not nearest.serves(sub_channel):
        reasons.append(f"is for {', '.join(nearest.sub_channels)} only")
    return (
        f"no layout of {sub_channel} has the header {' | '.join(headers[:_SHOWN])!r}"
        f"{' and so on' if len(headers) > _SHOWN else ''} ({len(headers)} columns, "
        f"{_DELIMITER_NAMES[delimiter]} between them); the nearest, {nearest.name}, "
        f"{' and '.join(reasons)}; {advice}"
    )


def _short(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
