"""What can go wrong with a Metabase: each by name, bounded in how often it happens."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Literal

from demo.errors import DemoError

Unit = Literal["times", "rows", "seconds"]


@dataclass(frozen=True)
class FaultKind:
    """One thing that goes wrong.

    `unit` says what the number after the name means: how many times it happens, from how many rows
    on, or how many seconds. One that counts `times` happens to consecutive requests that it can
    happen to, once `after` of them went well; `inf` is always.
    """

    name: str
    summary: str
    unit: Unit = "times"
    default: float = 2
    after: int = 1


KINDS = {
    kind.name: kind
    for kind in (
        FaultKind("error_in_200", "a failed query is answered 200, the error is in the body"),
        FaultKind("error_in_202", "a failed query is answered 202, the error is in the body"),
        FaultKind("csv_json_error_tail", "a CSV stops half way and ends in a JSON error object"),
        FaultKind("cut_stream", "the connection is closed in the middle of the body"),
        FaultKind("quiet_cut", "the body stops half way and the response ends as if it were whole"),
        FaultKind("gzip_cut", "the gzip body lacks its end, the response ends as if it were whole"),
        FaultKind("http_400", "every query is a bad request", default=inf, after=0),
        FaultKind("http_401_expired_session", "the session is thrown away between two queries"),
        FaultKind("http_403", "no permission for the database", default=inf, after=0),
        FaultKind("http_404", "the database or question is not there", default=inf, after=0),
        FaultKind("http_500", "an internal error"),
        FaultKind("http_503_pool", "no free connection to the data warehouse"),
        FaultKind("login_rate_limited", "too many attempts to log in, wait a second", after=0),
        FaultKind(
            "query_timeout", "a query that reads more rows than this times out", "rows", 2000
        ),
        FaultKind("proxy_timeout", "the same, but a proxy in front answers 504", "rows", 2000),
        FaultKind("silent_cap", "results stop at so many rows and nothing says so", "rows", 1000),
        FaultKind("rows_change_during_extraction", "orders come and change between two queries"),
        FaultKind("downloads_forbidden", "no permission to download", default=inf, after=0),
        FaultKind("slow", "every query takes so much longer", "seconds", 0.2),
    )
}


class Faults:
    """The faults that a server was started with, and how often each has happened.

    Each is given as NAME, NAME=NUMBER or NAME=always. Safe to use from several threads.
    Errors: DemoError for an unknown name or a number that is none.
    """

    def __init__(self, wanted: Iterable[str] = ()) -> None:
        self._numbers = dict(_parse(one) for one in wanted)
        self._met = dict.fromkeys(self._numbers, 0)
        self._happened = dict.fromkeys(self._numbers, 0)
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._numbers)

    @property
    def happened(self) -> dict[str, int]:
        """Return how often each fault has happened so far."""
        with self._lock:
            return dict(self._happened)

    def strikes(self, name: str) -> bool:
        """Tell whether a fault counted in times happens to this request, which it could."""
        if name not in self._numbers:
            return False
        with self._lock:
            self._met[name] += 1
            place = self._met[name] - KINDS[name].after
            does = 1 <= place <= self._numbers[name]
            self._happened[name] += does
            return does

    def number(self, name: str) -> float | None:
        """Return the rows or seconds of a fault, None when it is off."""
        return self._numbers.get(name)

    def note(self, name: str) -> None:
        """Count that a fault of rows or seconds happened."""
        with self._lock:
            self._happened[name] += 1


def _parse(wanted: str) -> tuple[str, float]:
    name, equals, number = wanted.partition("=")
    kind = KINDS.get(name)
    if kind is None:
        raise DemoError(f"there is no fault {name!r}; known are {', '.join(KINDS)}")
    if not equals:
        return name, kind.default
    if number == "always" and kind.unit == "times":
        return name, inf
    try:
        value = float(number)
    except ValueError:
        value = -1
    if value < 0 or value == inf or (kind.unit != "seconds" and value != int(value)):
        raise DemoError(f"fault {name}={number}: write the number of {kind.unit} after the '='")
    return name, value
