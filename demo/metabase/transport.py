"""Bodies of unknown length: chunked, gzipped when asked for, and cut short when told to."""

import zlib
from collections.abc import Callable
from io import BufferedIOBase

_GZIP = 16 + zlib.MAX_WBITS
_FLUSH_AT = 32_768


class Stream:
    """Writes a chunked body. Nothing reaches the client before `_FLUSH_AT` bytes or the end.

    `has_begun` is false as long as the status line can still be changed.
    """

    def __init__(self, file: BufferedIOBase, begin: Callable[[], None], *, is_gzip: bool) -> None:
        self._file = file
        self._begin = begin
        self._deflate = zlib.compressobj(1, zlib.DEFLATED, _GZIP) if is_gzip else None
        self._pending = bytearray()
        self.has_begun = False

    def write(self, text: str) -> None:
        """Take more of the body."""
        self._pending += text.encode()
        if len(self._pending) >= _FLUSH_AT:
            self.flush()

    def flush(self) -> None:
        """Send what was taken so far."""
        data = bytes(self._pending)
        self._pending.clear()
        if self._deflate is not None:
            data = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        self._send(data)

    def finish(self, *, with_gzip_end: bool = True) -> None:
        """Send the rest and end the response, with the checksum of the gzip or without."""
        self.flush()
        if self._deflate is not None and with_gzip_end:
            self._send(self._deflate.flush(zlib.Z_FINISH))
        self._file.write(b"0\r\n\r\n")
        self._file.flush()

    def cut(self) -> None:
        """Send what there is and leave the response without its end."""
        self.flush()
        self._file.flush()

    def discard(self) -> None:
        """Forget what was not sent yet."""
        self._pending.clear()

    def _send(self, data: bytes) -> None:
        if not self.has_begun:
            self.has_begun = True
            self._begin()
        if data:
            self._file.write(b"%x\r\n%b\r\n" % (len(data), data))
