"""Bodies of answers, read to their true end: a cut one never passes for a whole one."""

import io
import json
import re
import zlib
from http.client import HTTPException

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError, ReadTimeoutError

from extract.metabase.faults import Passing, TookTooLong, fault_of

_CHUNK = 64 * 1024
# In CSV a quote inside a value is doubled, so a brace, one quote and a letter is never data.
_ERROR_OBJECT = re.compile(rb'\{"[A-Za-z_]')
_ERROR_TEXT = re.compile(r'"error"\s*:\s*"((?:[^"\\]|\\.)*)"')
_LONGEST_ERROR = 256 * 1024


class Body(io.RawIOBase):
    """The decompressed body. Reading on to the end proves that nothing is missing.

    Errors: Passing when the stream is cut, TookTooLong when the server falls silent.
    """

    def __init__(self, response: requests.Response) -> None:
        super().__init__()
        self._raw = response.raw
        encoding = response.headers.get("Content-Encoding", "").lower()
        self._unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding == "gzip" else None
        length = response.headers.get("Content-Length", "")
        self._left = int(length) if length.isdigit() else None
        self._ready = b""
        self._is_over = False

    def readable(self) -> bool:
        """Say that this stream can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 only after a proper end."""
        while not self._ready and not self._is_over:
            self._ready = self._next()
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _next(self) -> bytes:
        try:
            packed: bytes = self._raw.read(_CHUNK, decode_content=False)
        except ReadTimeoutError:
            raise TookTooLong("the server fell silent in the middle of an answer") from None
        except (HTTPError, HTTPException, OSError, RequestException):
            raise Passing("the answer was cut off") from None
        if self._left is not None:
            self._left -= len(packed)
        if not packed:
            self._is_over = True
            self._check_end()
        return self._unpacked(packed)

    def _unpacked(self, packed: bytes) -> bytes:
        if self._unpack is None:
            return packed
        try:
            return self._unpack.decompress(packed)
        except zlib.error:
            raise Passing("the answer's gzip data is damaged") from None

    def _check_end(self) -> None:
        if self._left:
            raise Passing("the answer is shorter than its announced length")
        if self._unpack is not None and not self._unpack.eof:
            raise Passing("the answer's gzip data has no end")


class CsvBody(Body):
    """A CSV export, watched for what Metabase puts into it when a query dies half-way.

    Errors: as `Body`, and those of `fault_of` for an error object in place of rows.
    """

    def __init__(self, response: requests.Response) -> None:
        super().__init__(response)
        self._tail = b"\n"
        self._quotes = 0
        self._has_begun = False

    def _unpacked(self, packed: bytes) -> bytes:
        part = super()._unpacked(packed)
        if not part:
            return part
        seen = self._tail + part
        if not self._has_begun and part.strip():
            self._has_begun = True
            if part.lstrip().startswith(b"{"):
                raise fault_of(self._error_text(part))
        found = _ERROR_OBJECT.search(seen)
        if found:
            fault = fault_of(self._error_text(seen[found.start() :]))
            # The query was fine when it began, so it may be again.
            raise (
                fault
                if isinstance(fault, TookTooLong)
                else Passing(f"an export ended in an error object: {fault}")
            )
        self._quotes += part.count(b'"')
        self._tail = seen[-2:]
        return part

    def _error_text(self, start: bytes) -> str:
        text = start
        while len(text) < _LONGEST_ERROR:
            try:
                packed = self._raw.read(_CHUNK, decode_content=False)
                part = super()._unpacked(packed)
            except (Passing, HTTPError, HTTPException, OSError):
                break
            if not packed:
                break
            text += part
        match = _ERROR_TEXT.search(text.decode("utf-8", errors="replace"))
        message = json.loads(f'"{match[1]}"', strict=False) if match else ""
        return str(message) or "no message"

    def _check_end(self) -> None:
        super()._check_end()
        if not self._has_begun:
            raise Passing("the export is empty, without even a header")
        if not self._tail.endswith(b"\n") or self._quotes % 2:
            raise Passing("the export ends in the middle of a row")


def read_whole(response: requests.Response) -> bytes:
    """Read a small body to its end."""
    return io.BufferedReader(Body(response), _CHUNK).read()
