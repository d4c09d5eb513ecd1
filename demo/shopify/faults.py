"""What can go wrong with a shop's API: by name, a bounded number of times, the same every run."""

from collections import Counter
from collections.abc import Iterable

from demo.errors import DemoError

FAULTS = {
    "throttled": "another user of the app empties the bucket before the 2nd and 5th request",
    "max_cost": "every query costs eight times as much, so that large pages pass 1,000",
    "http_429": "the 2nd and 4th request are refused with Retry-After in decimal seconds",
    "http_500": "the 2nd, 3rd and 5th request fail with 500, 502 and 503",
    "dropped_connection": "the 2nd and 4th request get no answer but a closed connection",
    "cut_body": "the 2nd and 4th answer end in the middle of their body",
    "search_warning": "filters by updated_at and return_status are ignored, with a warning",
    "nested_truncation": "nested connections give two nodes a page, whatever was asked for",
    "bulk_failed": "the first bulk operation ends FAILED with INTERNAL_SERVER_ERROR",
    "bulk_partial": "the first bulk operation ends FAILED with half of its rows",
    "bulk_short_file": "the first bulk operation is COMPLETED, but a tenth of its rows is missing",
    "bulk_expired_url": "the first download finds its signed URL expired",
    "bulk_in_progress": "other operations hold all five places for the first two tries",
    "token_expired": "every token given out so far dies before the 3rd request",
    "missing_scope": "read_returns is not granted",
    "no_read_all_orders": "only the last 60 days are shown, with no error",
    "version_fall_forward": "an older version than the one asked for answers",
    "numbers_as_amounts": "REST amounts are JSON numbers",
    "order_changes_during_paging": "two orders change after the second page of orders",
    "return_changes_without_order": "open returns are closed after the last page of orders",
}


class Faults:
    """The faults that are switched on. Errors: DemoError for a name that is not one."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = frozenset(names)
        unknown = sorted(self.names - FAULTS.keys())
        if unknown:
            raise DemoError(f"no fault is called {unknown[0]}; there are: {', '.join(FAULTS)}")
        self._seen: Counter[str] = Counter()

    def has(self, name: str) -> bool:
        """Say whether a fault is on."""
        return name in self.names

    def strikes(self, name: str, *turns: int) -> int:
        """Count an occasion, and return which of the turns it is, from 1; 0 when none."""
        if name not in self.names:
            return 0
        self._seen[name] += 1
        turn = self._seen[name]
        return turns.index(turn) + 1 if turn in turns else 0
