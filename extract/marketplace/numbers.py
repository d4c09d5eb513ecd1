"""Numbers as reports write them, turned into plain dot decimals without guessing."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from extract.marketplace.rejects import BAD_NUMBER

DOT, COMMA = ".", ","

_PLAIN = r"[+-]?\d+"
_GROUPED = {
    DOT: re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII),
    COMMA: re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII),
}
_UNGROUPED = {
    DOT: re.compile(rf"{_PLAIN}(?:\.\d*)?|[+-]?\.\d+", re.ASCII),
    COMMA: re.compile(rf"{_PLAIN}(?:,\d*)?|[+-]?,\d+", re.ASCII),
}
# The last separator of a value that can only be a number in that style.
EVIDENCE = {DOT: r"^[+-]?[0-9.,]*\.[0-9]*$", COMMA: r"^[+-]?[0-9.,]*,[0-9]*$"}
_HAS_BOTH = re.compile(r"\d\.\d.*,|\d,\d.*\.", re.ASCII)


@dataclass(frozen=True)
class NumberStyle:
    """How one file writes numbers.

    `needs_decimals` is for a style that was found by looking at the file: there a lone separator
    is always the decimal one, and thousands are only believed beside a decimal part.
    """

    decimal: str
    thousands: bool
    needs_decimals: bool = False


def number_reader(style: NumberStyle) -> Callable[[str], str]:
    """Build the function that reads one value; it returns the plain number or the reject code."""
    group = COMMA if style.decimal == DOT else DOT
    ungrouped, grouped = _UNGROUPED[style.decimal], _GROUPED[style.decimal]

    def read(value: str) -> str:
        if style.thousands and grouped.fullmatch(value):
            if style.needs_decimals and not _HAS_BOTH.search(value):
                return BAD_NUMBER
            return _plain(value.replace(group, "").replace(style.decimal, DOT))
        if ungrouped.fullmatch(value):
            return _plain(value.replace(style.decimal, DOT))
        return BAD_NUMBER

    return read


def _plain(value: str) -> str:
    sign = "-" if value.startswith("-") else ""
    whole, _, fraction = value.lstrip("+-").partition(DOT)
    return f"{sign}{whole or '0'}" + (f".{fraction}" if fraction else "")
