"""The ECB's history as it is published today, for those whose network allows it."""

import io
import re
import zipfile
import zlib
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pyarrow as pa
import requests
from urllib3.exceptions import HTTPError

from extract import __version__

_TIMEOUT = (10, 60)
# The archive has 0.7 MB; whatever is many times larger is something else.
_MOST_BYTES = 50_000_000
_CHUNK = 64 * 1024
_QUOTE = re.compile(r"[0-9]+(\.[0-9]+)?")
# The ECB may correct single days; a file with more than that amiss is another file.
_MOST_CORRECTED = 0.01


class NotRefreshed(Exception):
    """The network gave no usable history. The text says why, without the address's query."""


def download(url: str) -> tuple[str, bytes, datetime]:
    """Fetch the archive and return its member: name, content and time.

    A cut archive has no directory, so it never passes for a whole one. Errors: NotRefreshed.
    """
    host = _host(url)
    try:
        with requests.get(
            url,
            headers={"User-Agent": f"refund-warehouse/{__version__}"},
            stream=True,
            timeout=_TIMEOUT,
        ) as response:
            if response.status_code != 200:
                raise NotRefreshed(f"{host} answered with status {response.status_code}")
            packed = bytearray()
            for chunk in response.iter_content(_CHUNK):
                packed += chunk
                if len(packed) > _MOST_BYTES:
                    raise NotRefreshed(f"{host} sends more than a rate history")
    except (requests.exceptions.RequestException, HTTPError, ValueError) as error:
        raise NotRefreshed(f"{host} was not reached ({type(error).__name__})") from None
    try:
        with zipfile.ZipFile(io.BytesIO(bytes(packed))) as archive:
            member = archive.infolist()[0]
            if member.file_size > _MOST_BYTES:
                raise NotRefreshed(f"{host} sends more than a rate history")
            return member.filename, archive.read(member), datetime(*member.date_time, tzinfo=UTC)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        IndexError,
        RuntimeError,
        ValueError,
    ) as error:
        raise NotRefreshed(f"{host} did not send the archive of rates") from error


def check_history(published: pa.RecordBatch, known: pa.RecordBatch) -> None:
    """Hold a downloaded history against the one we have, which it must go on from.

    Errors: NotRefreshed, with the first thing that speaks against it.
    """
    quotes = _quotes(published)
    if len(quotes) != published.num_rows:
        raise NotRefreshed("has two rates for one day")
    for (day, _), quote in quotes.items():
        try:
            is_day = date.fromisoformat(day).isoformat() == day
        except ValueError:
            is_day = False
        if not is_day or not _QUOTE.fullmatch(quote) or not quote.strip("0."):
            raise NotRefreshed("has days or rates that are none")
    ours = _quotes(known)
    amiss = sum(float(quotes.get(key, 0)) != float(quote) for key, quote in ours.items())
    if amiss > _MOST_CORRECTED * len(ours):
        raise NotRefreshed(f"lacks or changes {amiss:,} of {len(ours):,} known rates")


def _quotes(rates: pa.RecordBatch) -> dict[tuple[str, str], str]:
    columns = (rates.column(name).to_pylist() for name in ("rate_date", "currency"))
    return dict(
        zip(
            zip(*columns, strict=True),
            rates.column("units_per_eur").to_pylist(),
            strict=True,
        )
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the address"
    except ValueError:
        return "the address"
