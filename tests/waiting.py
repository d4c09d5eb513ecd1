"""Waiting, in tests, for what another thread or process does."""

import time
from collections.abc import Callable

_SECONDS = 60


def wait_until(is_so: Callable[[], object]) -> None:
    """Look again and again until it is so; fail when it never is."""
    ends = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.01)
