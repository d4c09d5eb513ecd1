"""Dates and times as reports write them, turned into ISO 8601 without guessing.

Formats and month names are data of the layout, never the operating system's locale.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from extract.marketplace.rejects import AMBIGUOUS_DATE, BAD_DATE

ISO = "iso"

_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
ENGLISH_MONTHS = {
    **{name: number for number, name in enumerate(_ENGLISH, start=1)},
    **{name[:3]: number for number, name in enumerate(_ENGLISH, start=1)},
    "sept": 9,
}

_TOKENS = {
    "%d": r"(?P<day>\d{1,2})",
    "%m": r"(?P<month>\d{1,2})",
    "%Y": r"(?P<year>\d{4})",
    "%y": r"(?P<short_year>\d{2})",
    "%b": r"(?P<month_name>[^\W\d_]{3,12})\.?",
    "%H": r"(?P<hour>\d{1,2})",
    "%M": r"(?P<minute>\d{2})",
    "%S": r"(?P<second>\d{2})",
    "%z": r"(?P<zone>Z|UTC|[+-]\d{2}(?::?\d{2})?)",
}
_TOKEN = re.compile(r"%.")
_ISO_VALUE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
    r" ?(?P<zone>Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
_DAY_OR_MONTH_FIRST = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?:[T ].*)?", re.ASCII
)


@dataclass(frozen=True)
class Rewritten:
    """A value in ISO 8601. `was_iso` says that it was ISO as sent, so nothing was interpreted."""

    text: str
    was_iso: bool


def check_format(text: str) -> str | None:
    """Return what is wrong with a declared date format, or None."""
    if text == ISO:
        return None
    tokens = _TOKEN.findall(text)
    unknown = [token for token in tokens if token not in _TOKENS]
    if unknown:
        known = ", ".join(_TOKENS)
        return f"{unknown[0]} is not known in a date format; known are {known} and the word iso"
    if len(tokens) != len(set(tokens)):
        return "a part of the date stands twice in it"
    has_month = "%m" in tokens or "%b" in tokens
    has_year = "%Y" in tokens or "%y" in tokens
    if "%d" not in tokens or not has_month or not has_year:
        return "a date format needs day, month and year, as in %d-%b-%Y"
    return None


def contradict(first: str, second: str) -> bool:
    """Whether two formats read the same text as two different days."""

    def bare(text: str) -> str:
        return re.sub(r"%[HMSz]|[T :]", "", text).replace("%Y", "%y").strip()

    swapped = bare(second).replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
    return bare(first) == swapped and bare(first) != bare(second)


def date_reader(
    formats: Sequence[str], months: Mapping[str, int]
) -> Callable[[str], Rewritten | str]:
    """Build the function that reads one value by a layout's formats.

    `months` are names beyond the English ones. The function returns the value in ISO 8601, or
    the reject code: `ambiguous_date` when no format fits and day and month could be swapped.
    """
    names = {**ENGLISH_MONTHS, **{name.casefold(): number for name, number in months.items()}}
    patterns = [_ISO_VALUE if text == ISO else _compile(text) for text in formats]

    def read(value: str) -> Rewritten | str:
        for pattern in patterns:
            found = pattern.fullmatch(value)
            iso = _to_iso(found.groupdict(), names) if found else None
            if iso:
                return Rewritten(iso, was_iso=pattern is _ISO_VALUE)
        swappable = _DAY_OR_MONTH_FIRST.fullmatch(value)
        if swappable and all(1 <= int(part) <= 12 for part in swappable.groups()):
            return AMBIGUOUS_DATE
        return BAD_DATE

    return read


def _compile(text: str) -> re.Pattern[str]:
    pieces, position = [], 0
    for token in _TOKEN.finditer(text):
        pieces += [re.escape(text[position : token.start()]), _TOKENS[token.group()]]
        position = token.end()
    return re.compile("".join(pieces) + re.escape(text[position:]))


def _to_iso(parts: Mapping[str, str | None], names: Mapping[str, int]) -> str | None:
    if (name := parts.get("month_name")) is not None:
        month = names.get(name.casefold(), 0)
    else:
        month = int(parts["month"] or 0)
    if (short := parts.get("short_year")) is not None:
        # The pivot of POSIX: 69 to 99 belong to the last century.
        year = int(short) + (1900 if int(short) >= 69 else 2000)
    else:
        year = int(parts["year"] or 0)
    try:
        day = date(year, month, int(parts["day"] or 0)).isoformat()
    except ValueError:
        return None
    if parts.get("hour") is None:
        return day
    hour, minute = int(parts["hour"] or 0), int(parts.get("minute") or 0)
    second = int(parts.get("second") or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = f".{parts['fraction']}" if parts.get("fraction") else ""
    zone = _zone(parts.get("zone"))
    if zone is None:
        return None
    return f"{day}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"


def _zone(text: str | None) -> str | None:
    if not text:
        return ""
    if text in ("Z", "UTC"):
        return "+00:00"
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    return f"{text[0]}{hours:02}:{minutes:02}" if hours <= 14 and minutes <= 59 else None
