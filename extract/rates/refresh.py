"""The ECB's history as it is published today, for those whose network allows it."""

import io
import zipfile
from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests

from extract import __version__

_TIMEOUT = (10, 60)
# The archive has 0.7 MB; whatever is many times larger is something else.
_MOST_BYTES = 50_000_000
_CHUNK = 64 * 1024


class NotRefreshed(Exception):
    """The network gave no usable history. The text says why, without the address's query."""


def download(url: str) -> tuple[str, bytes, datetime]:
    """Fetch the archive and return its member: name, content and time.

    A cut archive has no directory, so it never passes for a whole one. Errors: NotRefreshed.
    """
    host = urlsplit(url).hostname or "the address"
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
    except requests.exceptions.RequestException as error:
        raise NotRefreshed(f"{host} was not reached ({type(error).__name__})") from None
    try:
        with zipfile.ZipFile(io.BytesIO(bytes(packed))) as archive:
            member = archive.infolist()[0]
            if member.file_size > _MOST_BYTES:
                raise NotRefreshed(f"{host} sends more than a rate history")
            return member.filename, archive.read(member), datetime(*member.date_time, tzinfo=UTC)
    except (zipfile.BadZipFile, IndexError, ValueError) as error:
        raise NotRefreshed(f"{host} did not send the archive of rates") from error
