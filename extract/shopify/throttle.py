"""How long to wait: Shopify says what its buckets hold, so nothing here is guessed.

GraphQL has a bucket of query points (`throttleStatus`), REST one of calls (header
`X-Shopify-Shop-Api-Call-Limit`). Both fill up again at a constant rate.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

# The least wait after a refusal, in seconds; the computed wait is used when it is longer.
REFUSED_WAIT_SECONDS = 2.0
# Other apps may drain the bucket as well, so refusals may go on for a while before it is an error.
REFUSED_TRIES = 30

# A REST bucket of 40, 80 or 400 calls empties at 2, 4 or 20 calls a second.
_CALLS_PER_BUCKET_SECOND = 20


class PointsBucket:
    """The points that queries may cost, as last reported and refilled since."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._maximum = float("inf")
        self._available = float("inf")
        self._restore_rate = 1.0
        self._seen_at = clock()

    @property
    def restore_rate(self) -> float:
        """Points that come back each second."""
        return self._restore_rate

    def observe(self, status: Mapping[str, Any]) -> None:
        """Take over a `throttleStatus`; its numbers may be ints or floats."""
        self._maximum = float(status["maximumAvailable"])
        self._available = float(status["currentlyAvailable"])
        self._restore_rate = max(float(status["restoreRate"]), 0.001)
        self._seen_at = self._clock()

    def seconds_until(self, cost: float) -> float:
        """Seconds until the bucket holds `cost`, or is full if it never can."""
        restored = (self._clock() - self._seen_at) * self._restore_rate
        missing = min(cost, self._maximum) - (self._available + restored)
        return max(0.0, missing / self._restore_rate)

    def seconds_after_refusal(self, cost: float) -> float:
        """Seconds to wait after THROTTLED."""
        return max(REFUSED_WAIT_SECONDS, self.seconds_until(cost))


class CallsBucket:
    """The REST calls that may still be made, from a header such as `39/40`."""

    def __init__(self) -> None:
        self._wait = 0.0

    def observe(self, header: str | None) -> None:
        """Take over the header. It is missing on a 429, which carries Retry-After instead."""
        used, slash, limit = (header or "").partition("/")
        self._wait = 0.0
        if slash and used.isdigit() and limit.isdigit() and int(used) >= int(limit) - 1:
            self._wait = _CALLS_PER_BUCKET_SECOND / max(int(limit), 1)

    def seconds_until_free(self) -> float:
        """Seconds until the next call fits."""
        return self._wait
