"""From bytes to lines: encoding, line ends, and blocks of lines as Arrow text.

Memory is bound by the block, whatever the size of the file.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from extract.errors import ExtractError

Encoding = Literal["utf-8", "utf-8-bom", "utf-16", "cp1252"]

CHUNK_BYTES = 4 * 1024 * 1024
# No report has lines like this; without a bound a file without line ends would fill the memory.
_LONGEST_LINE = 16 * 1024 * 1024
_UTF8_BOM = codecs.BOM_UTF8
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The five bytes that cp1252 leaves undefined.
_UNDEFINED = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])


@dataclass(frozen=True)
class TextForm:
    """How a file's bytes become lines. `replaced` counts bytes that no character stands for."""

    encoding: Encoding
    line_end: Literal["\n", "\r"]
    replaced: int = 0


class TextFormFinder:
    """Decides the form of a file that is fed to it piece by piece.

    A byte order mark decides, else strict UTF-8, else cp1252 (not latin-1: Amazon's quotes and
    dashes sit in 0x80 to 0x9F).
    """

    def __init__(self) -> None:
        self._start = b""
        self._mark: Encoding | None = None
        self._decoder: codecs.IncrementalDecoder | None = None
        self._is_valid = True
        self._undefined = 0
        self._holes = 0
        self._has_newline = False

    def feed(self, chunk: bytes) -> None:
        """Look at the next piece."""
        if self._decoder is None:
            self._start += chunk
            if len(self._start) < len(_UTF8_BOM):
                return
            chunk = self._begin()
        self._look(chunk, final=False)

    def finish(self, label: str) -> TextForm:
        """Return the verdict.

        Errors: ExtractError for a file that is marked as UTF-16 and isn't.
        """
        self._look(self._begin() if self._decoder is None else b"", final=True)
        line_end: Literal["\n", "\r"] = "\n" if self._has_newline else "\r"
        if self._mark == "utf-16" and not self._is_valid:
            raise ExtractError(
                f"{label} starts like UTF-16 but is not; save it as UTF-8 text and run again"
            )
        if self._mark:
            # What a UTF-8 mark promises and some bytes break is still UTF-8, with holes.
            return TextForm(self._mark, line_end, self._holes)
        if self._is_valid:
            return TextForm("utf-8", line_end)
        return TextForm("cp1252", line_end, self._undefined)

    def _begin(self) -> bytes:
        if self._start.startswith(_UTF16_BOMS):
            self._mark = "utf-16"
            self._decoder = codecs.getincrementaldecoder("utf-16")()
            return self._start
        if self._start.startswith(_UTF8_BOM):
            self._mark = "utf-8-bom"
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        return self._start

    def _look(self, chunk: bytes, *, final: bool) -> None:
        assert self._decoder is not None
        if self._mark != "utf-16":
            self._has_newline = self._has_newline or b"\n" in chunk
            if not chunk.isascii():
                self._undefined += sum(chunk.count(byte) for byte in _UNDEFINED)
        try:
            if not self._is_valid and self._mark is None:
                return
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            self._is_valid = False
            # The failed call has not moved the decoder, so that the same piece can be counted.
            state = self._decoder.getstate()
            self._decoder.errors = "replace"
            self._decoder.setstate(state)
            text = self._decoder.decode(chunk, final)
        if not self._is_valid:
            self._holes += text.count("\N{REPLACEMENT CHARACTER}")
        if self._mark == "utf-16":
            self._has_newline = self._has_newline or "\n" in text


def to_utf8(chunks: Iterable[bytes], form: TextForm) -> Iterator[bytes]:
    r"""Re-encode the pieces of a file as UTF-8 without a byte order mark, with `\n` line ends."""
    codec = {"utf-8": "utf-8", "utf-8-bom": "utf-8-sig"}.get(form.encoding, form.encoding)
    if form.encoding == "utf-8":
        pieces: Iterator[bytes] = iter(chunks)
    else:
        decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        pieces = _transcode(chunks, decoder)
    for piece in pieces:
        yield piece.replace(b"\r", b"\n") if form.line_end == "\r" else piece


def _transcode(chunks: Iterable[bytes], decoder: codecs.IncrementalDecoder) -> Iterator[bytes]:
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8")
    yield decoder.decode(b"", True).encode("utf-8")


class LineBlock:
    r"""Consecutive lines of a file in UTF-8, with `\n` between them and none at the end.

    `first` is the number of the first line; a file starts with line 1.
    """

    def __init__(self, first: int, content: bytes) -> None:
        self.first = first
        self.content = content
        self.count = content.count(b"\n") + 1

    @cached_property
    def lines(self) -> pa.StringArray:
        """The lines one by one; made on demand, because most blocks never need them."""
        text = pa.array([self.content], pa.binary()).cast(pa.string())
        return pc.split_pattern(text, "\n").values

    def without_first_line(self) -> "LineBlock | None":
        """Return the block from its second line on, or None when there is none."""
        _, line_end, rest = self.content.partition(b"\n")
        return LineBlock(self.first + 1, rest) if line_end else None


def line_blocks(pieces: Iterable[bytes], label: str) -> Iterator[LineBlock]:
    r"""Cut UTF-8 into blocks of whole lines, only ever at `\n`; one `\r` before it is dropped.

    Characters such as U+2028 or a form feed stay in their line.
    Errors: ExtractError for a line that no report can have.
    """
    number = 1
    held: list[bytes] = []
    held_bytes = 0
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if not cut:
            held.append(piece)
            held_bytes += len(piece)
            if held_bytes > _LONGEST_LINE:
                raise ExtractError(
                    f"{label} has a line of more than {_LONGEST_LINE // 1024**2} MB, so it is no "
                    "report; take it out of the drop folder"
                )
            continue
        block = LineBlock(number, _without_returns(b"".join([*held, piece[: cut - 1]])))
        number += block.count
        held, held_bytes = [piece[cut:]], len(piece) - cut
        yield block
    if rest := b"".join(held):
        yield LineBlock(number, _without_returns(rest))


def _without_returns(content: bytes) -> bytes:
    if b"\r" not in content:
        return content
    return content.replace(b"\r\n", b"\n").removesuffix(b"\r")
