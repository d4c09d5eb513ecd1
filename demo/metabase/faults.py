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
    on, or how many seconds. Of the requests that one counted in `times` can happen to, `after` go
    well first, and then it happens to every `every`th; `inf` is always.
    """

    name: str
    summary: str
    unit: Unit = "times"
    default: float = 2
    after: int = 1
    every: int = 1


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
        FaultKind(
            "http_401_expired_session", "the session is thrown away between two queries", every=5
        ),
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
        FaultKind(
            "rows_change_during_extraction",
            "orders come and change between two queries",
            default=4,
            every=5,
        ),
        FaultKind("downloads_forbidden", "no permission to download", default=inf, after=0),
        FaultKind("slow", "every query takes so much longer", "seconds", 0.2),
    )
}


@dataclass
class _Switched:
    """A fault that is on. `met` counts the requests it could happen to."""

    kind: FaultKind
    number: float
    after: int
    met: int = 0
    happened: int = 0

    def strikes(self) -> bool:
        self.met += 1
        place, rest = divmod(self.met - self.after - 1, self.kind.every)
        does = rest == 0 and 0 <= place < self.number
        self.happened += does
        return does


class Faults:
    """The faults that a server was started with, and how often each has happened.

    Each is given as NAME, NAME=NUMBER or NAME=always; those counted in times can say @AFTER
    behind, which is how many requests go well first: cut_stream=1@8. Safe to use from several
    threads. Errors: DemoError for an unknown name or a number that is none.
    """

    def __init__(self, wanted: Iterable[str] = ()) -> None:
        self._switched = {fault.kind.name: fault for fault in map(_parse, wanted)}
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._switched)

    @property
    def happened(self) -> dict[str, int]:
        """Return how often each fault has happened so far."""
        with self._lock:
            return {name: fault.happened for name, fault in self._switched.items()}

    def strikes(self, name: str) -> bool:
        """Tell whether a fault counted in times happens to this request, which it could."""
        fault = self._switched.get(name)
        if fault is None:
            return False
        with self._lock:
            return fault.strikes()

    def number(self, name: str) -> float | None:
        """Return the rows or seconds of a fault, None when it is off."""
        fault = self._switched.get(name)
        return None if fault is None else fault.number

    def note(self, name: str) -> None:
        """Count that a fault of rows or seconds happened."""
        with self._lock:
            self._switched[name].happened += 1


def _parse(wanted: str) -> _Switched:
    name, equals, rest = wanted.partition("=")
    number, at, after = rest.partition("@")
    kind = KINDS.get(name)
    if kind is None:
        raise DemoError(f"there is no fault {name!r}; known are {', '.join(KINDS)}")
    fault = _Switched(kind, kind.default, kind.after)
    if not equals:
        return fault
    if number == "always" and kind.unit == "times":
        fault.number = inf
    else:
        fault.number = _number(wanted, number, kind)
    if at:
        if kind.unit != "times" or not after.isdecimal():
            raise DemoError(f"fault {wanted}: after '@' goes how many requests go well first")
        fault.after = int(after)
    return fault


def _number(wanted: str, number: str, kind: FaultKind) -> float:
    try:
        value = float(number)
    except ValueError:
        value = -1
    if not 0 <= value < inf or (kind.unit != "seconds" and value != int(value)):
        raise DemoError(f"fault {wanted}: after '=' goes the number of {kind.unit}")
    return value
