"""How Metabase prints a value, which differs between its API and its downloads."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from demo.metabase.database import Column

BIGGEST_EXACT_INTEGER = 2**53
"""Beyond it the API, and only the API, prints whole numbers as text."""

Printer = Callable[[Any], Any]
_TEMPORAL = {"type/Date", "type/Time", "type/DateTime", "type/DateTimeWithLocalTZ"}
_PLAIN_IN_DOWNLOADS = {"type/Text", "type/Integer", "type/BigInteger"}


def api_json_row(zone: ZoneInfo) -> Callable[[Sequence[Any]], str]:
    """Return what prints a row of `/api/dataset`: a JSON array, moments with their offset."""

    def printed(row: Sequence[Any]) -> str:
        return f"[{', '.join(_api_cell(value, zone) for value in row)}]"

    return printed


def _api_cell(value: Any, zone: ZoneInfo) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int():
            return f'"{value}"' if abs(value) > BIGGEST_EXACT_INTEGER else str(value)
        case Decimal():
            is_whole = value == value.to_integral_value()
            if is_whole and abs(value) > BIGGEST_EXACT_INTEGER:
                return f'"{value:f}"'
            return f"{value:f}"
        case datetime():
            # A moment without a zone is taken for one of the report's zone, as is a day.
            local = value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
            return f'"{iso_moment(local)}"'
        case date():
            return f'"{iso_moment(datetime(value.year, value.month, value.day, tzinfo=zone))}"'
        case time():
            offset = _offset(datetime.now(zone).utcoffset())
            return f'"{_iso_time(value)}{offset}"'
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def download_printers(
    columns: Sequence[Column], zone: ZoneInfo, *, format_rows: bool, is_csv: bool
) -> list[Printer | None]:
    """Return what prints each column of a download, None where values stay as they are.

    Midnights become bare days, and no number becomes text. Nulls are not for printers.
    """
    printers: list[Printer | None] = []
    for column in columns:
        if format_rows:
            printers.append(_formatted)
        elif column.base_type in _PLAIN_IN_DOWNLOADS:
            printers.append(None)
        elif column.base_type in _TEMPORAL:
            printers.append(lambda value: download_value(value, zone))
        else:
            printers.append(_csv_cell if is_csv else None)
    return printers


def download_value(value: Any, zone: ZoneInfo) -> Any:
    """Return a value as downloads have it: moments as text, everything else as it is."""
    match value:
        case datetime() if value.tzinfo:
            return iso_moment(value.astimezone(zone))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return f"{value.date().isoformat()}T{_iso_time(value.time())}"
        case date():
            return value.isoformat()
        case time():
            return _iso_time(value)
        case _:
            return value


def _formatted(value: Any) -> Any:
    """Return a value as a person reads it on the screen, which `format_rows` asks for."""
    match value:
        case bool() | None:
            return value
        case int():
            return f"{value:,}"
        case float() | Decimal():
            return f"{value:,.2f}"
        case datetime():
            hour = value.hour % 12 or 12
            half = "AM" if value.hour < 12 else "PM"
            return f"{_long_day(value)}, {hour}:{value.minute:02d} {half}"
        case date():
            return _long_day(value)
        case time():
            return f"{value.hour % 12 or 12}:{value.minute:02d} {'AM' if value.hour < 12 else 'PM'}"
        case _:
            return value


def _long_day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def csv_text(rows: Iterable[Sequence[Any]], printers: Sequence[Printer | None] = ()) -> str:
    """Return rows as CSV lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(_printed(rows, printers))
    return text.getvalue()


def _printed(
    rows: Iterable[Sequence[Any]], printers: Sequence[Printer | None]
) -> Iterable[Sequence[Any]]:
    if not any(printers):
        return rows
    printed = [(place, printer) for place, printer in enumerate(printers) if printer]
    lists = [list(row) for row in rows]
    for row in lists:
        for place, printer in printed:
            value = row[place]
            if value is not None:
                row[place] = printer(value)
    return lists


def _csv_cell(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return value


def download_json_rows(
    titles: Sequence[str], rows: Iterable[Sequence[Any]], printers: Sequence[Printer | None]
) -> Iterator[str]:
    """Yield rows as objects of the JSON download; of two columns of a title, the last wins."""
    keys = [json.dumps(title, ensure_ascii=False) for title in titles]
    for row in _printed(rows, printers):
        cells = dict(zip(keys, row, strict=True))
        yield f"{{{','.join(f'{key}:{_json_cell(cell)}' for key, cell in cells.items())}}}"


def _json_cell(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False, default=str)


def iso_moment(moment: datetime) -> str:
    """Return 2026-01-31T08:15:00.5+04:00, or Z for UTC, as Java prints it."""
    return f"{moment.date().isoformat()}T{_iso_time(moment.time())}{_offset(moment.utcoffset())}"


def _iso_time(moment: time) -> str:
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment:%H:%M:%S}{fraction}"


def _offset(offset: timedelta | None) -> str:
    if not offset:
        return "Z"
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
