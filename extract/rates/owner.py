"""The owner's own rates: a dated CSV for currencies that the ECB does not quote."""

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from extract.errors import ExtractError

_HEADER = ["date", "currency", "usd_per_unit"]
_CURRENCY = re.compile(r"[A-Z]{3}")
_RATE = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class OwnerFile:
    """The file as it is on disk, and its rows: day, currency, rate."""

    name: str
    content: bytes
    modified_at: datetime
    rows: tuple[tuple[str, str, str], ...]

    @property
    def sha256(self) -> str:
        """Hash of the content, by which it is known again."""
        return hashlib.sha256(self.content).hexdigest()


def read_owner_file(path: Path) -> OwnerFile:
    """Read the whole file and hold every row to its form.

    A wrong rate would falsify every sum in its currency, so one bad row stops the run.
    Errors: ExtractError with the line at fault.
    """
    try:
        content = path.read_bytes()
        modified_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ExtractError(
            f"RATES_FILE: {path} can't be read ({type(error).__name__}); save it as UTF-8 CSV"
        ) from None
    if not lines or [name.lower() for name in lines[0][1]] != _HEADER:
        raise ExtractError(f"RATES_FILE: {path} must begin with the line {','.join(_HEADER)}")
    if len(lines) == 1:
        raise ExtractError(f"RATES_FILE: {path} has no rates; fill it in or unset RATES_FILE")
    seen: set[tuple[str, str]] = set()
    rows = []
    for number, row in lines[1:]:
        if fault := _fault(row):
            raise ExtractError(f"RATES_FILE: {path}, line {number}: {fault}")
        day, currency, rate = row
        if (day, currency) in seen:
            raise ExtractError(f"RATES_FILE: {path}, line {number}: {currency} has two rates a day")
        seen.add((day, currency))
        rows.append((day, currency, rate))
    return OwnerFile(path.name, content, modified_at, tuple(rows))


def _fault(row: list[str]) -> str | None:
    if len(row) != len(_HEADER):
        return f"{len(row)} values instead of {len(_HEADER)}"
    day, currency, rate = row
    try:
        is_day = date.fromisoformat(day).isoformat() == day
    except ValueError:
        is_day = False
    if not is_day:
        return "the date is not like 2026-10-30"
    if not _CURRENCY.fullmatch(currency):
        return "the currency is not three capital letters"
    if not _RATE.fullmatch(rate) or not rate.strip("0."):
        return "usd_per_unit is not a number above zero with a decimal point"
    return None


def shape_owner_rates(file: OwnerFile) -> pa.RecordBatch:
    """Give the rows as they stand in the file."""
    days, currencies, rates = zip(*file.rows, strict=True)
    return pa.RecordBatch.from_pydict(
        {
            "rate_date": pa.array(days, pa.string()),
            "currency": pa.array(currencies, pa.string()),
            "usd_per_unit": pa.array(rates, pa.string()),
            "_source_file": pa.repeat(pa.scalar(file.name), len(days)),
            "_file_sha256": pa.repeat(pa.scalar(file.sha256), len(days)),
        }
    )
