"""Waiting, in tests, for what another thread or process does."""

import time
from collections.abc import Callable


def wait_until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Look again and again until it is so; fail when it never is."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.01)
