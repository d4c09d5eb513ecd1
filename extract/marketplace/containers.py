"""Opens report files as streams of plain bytes: as they are, gzipped, or zipped.

What a file is, its first bytes say; a name can lie.
"""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

from extract.errors import ExtractError
from extract.marketplace.dropfolder import DropFile, is_ignored

Container = Literal["none", "gzip", "zip"]
OnRead = Callable[[int], None]

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_SPREADSHEET = "is a spreadsheet; open it and save it as tab-separated text, then put that here"
_NOT_READ = {
    b"\xd0\xcf\x11\xe0": _SPREADSHEET,
    b"7z\xbc\xaf": "is a 7z archive, which is not read; unpack it or use zip",
    b"Rar!": "is a RAR archive, which is not read; unpack it or use zip",
    b"BZh": "is bzip2, which is not read; unpack it or use gzip",
    b"\xfd7zXZ": "is xz, which is not read; unpack it or use gzip",
    b"\x28\xb5\x2f\xfd": "is zstd, which is not read; unpack it or use gzip",
    b"%PDF": "is a PDF; download the report as tab-separated text",
}
_DAMAGED = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, lzma.LZMAError)
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Member:
    """One report as a stream. `label` is the file's, or `file!member` inside a zip.

    `stream` is good until the next member is asked for.
    """

    label: str
    container: Container
    stream: IO[bytes]
    path: Path

    def chunks(self, size: int) -> Iterator[bytes]:
        """Yield the decompressed content in pieces of at most `size` bytes.

        Errors: ExtractError naming the file when it turns out to be damaged.
        """
        while True:
            with _guard(self.label, self.path):
                chunk = self.stream.read(size)
            if not chunk:
                return
            yield chunk


class _Counting(io.RawIOBase):
    """A file that tells how many bytes were read off the disk."""

    def __init__(self, file: BinaryIO, on_read: OnRead) -> None:
        self._file = file
        self._on_read = on_read

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: object) -> int:
        count = cast(io.BufferedReader, self._file).readinto(buffer)  # type: ignore[arg-type]
        self._on_read(count)
        return count


def open_members(
    file: DropFile, on_read: OnRead, on_ignored: Callable[[str], None]
) -> Iterator[Member]:
    """Yield every report that a file holds, in the order of their names.

    Errors: ExtractError, one line naming the file, when it is damaged, encrypted, or nothing
    that can be read as text.
    """
    with _guard(file.label, file.path), file.path.open("rb") as opened:
        head = opened.read(16)
        opened.seek(0)
        counted = io.BufferedReader(_Counting(opened, on_read), 1 << 20)
        if head.startswith((_ZIP, _EMPTY_ZIP)):
            yield from _zip_members(file, counted, on_ignored)
        elif head.startswith(_GZIP):
            plain = cast(IO[bytes], gzip.GzipFile(fileobj=counted))
            yield Member(file.label, "gzip", plain, file.path)
        else:
            refuse_binary(file.label, head)
            yield Member(file.label, "none", counted, file.path)


def refuse_binary(label: str, head: bytes) -> None:
    """Raise for content whose first bytes say that it is something else than text."""
    for magic, text in _NOT_READ.items():
        if head.startswith(magic):
            raise ExtractError(f"{label} {text}")


def _zip_members(
    file: DropFile, stream: IO[bytes], on_ignored: Callable[[str], None]
) -> Iterator[Member]:
    with zipfile.ZipFile(stream) as archive:
        members = sorted(archive.infolist(), key=lambda info: info.filename)
        if any(info.filename == "[Content_Types].xml" for info in members):
            raise ExtractError(f"{file.label} {_SPREADSHEET}")
        if not any(not info.is_dir() for info in members):
            raise ExtractError(f"{file.label} is a zip with nothing in it; download it again")
        for info in members:
            label = f"{file.label}!{info.filename}"
            if info.is_dir():
                continue
            if any(is_ignored(part) for part in info.filename.split("/")):
                on_ignored(label)
                continue
            if info.flag_bits & _ENCRYPTED:
                raise ExtractError(f"{label} is protected by a password; unpack it first")
            with _guard(label, file.path), archive.open(info) as member:
                buffered = io.BufferedReader(cast(io.RawIOBase, member), 1 << 20)
                head = buffered.peek(16)[:16]
                if head.startswith((_ZIP, _EMPTY_ZIP)):
                    raise ExtractError(f"{label} is a zip or spreadsheet in a zip; unpack it first")
                refuse_binary(label, head)
                is_gzip = head.startswith(_GZIP)
                plain = gzip.GzipFile(fileobj=buffered) if is_gzip else buffered
                yield Member(label, "zip", cast(IO[bytes], plain), file.path)


@contextmanager
def _guard(label: str, path: Path) -> Iterator[None]:
    """Turn what goes wrong while a file is read into one line that names it."""
    try:
        yield
    except _DAMAGED:
        raise ExtractError(
            f"{label} is damaged or was cut off, so nothing was landed; "
            "copy or download it again, then run again"
        ) from None
    except NotImplementedError:
        raise ExtractError(
            f"{label} is packed by a method that is not read; unpack it or pack it again as zip"
        ) from None
    except OSError as error:
        raise ExtractError(
            f"{path}: can't be read: {error.strerror or type(error).__name__}; "
            "give access to it, then run again"
        ) from error
