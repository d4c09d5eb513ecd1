"""Tells the steps of the report: what is asked, with what, and what came of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

_RULE = "=" * 72


class StepLog:
    """Prints a banner and numbered steps on the given console."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._number = 0

    def banner(self, store: str, *, is_demo: bool) -> None:
        """Say what this is, of which store, and when it began (UTC)."""
        started = datetime.now(UTC)
        self._say(_RULE)
        self._say("  RETURN FRAUD CANDIDATES: a queue for review, nothing is changed in the store")
        if is_demo:
            self._say("  DEMO DATA: a made-up company, because no source is configured")
        self._say(f"  Store:   {store}")
        self._say(f"  Started: {started:%Y-%m-%d %H:%M:%S} UTC")
        self._say(_RULE)

    @contextmanager
    def step(self, operation: str, params: Mapping[str, Any]) -> Iterator[list[str]]:
        """Announce a query, then say what the block put into its list."""
        self._number += 1
        # The report only ever reads: no step is a mutation.
        self._say(f"[{self._number}/{self._total}] QUERY {operation}")
        shown = ", ".join(f"{name}={value}" for name, value in params.items())
        self._say(f"  → Params: {shown or 'none'}")
        results: list[str] = []
        yield results
        self._say(f"  → Result: {', '.join(results)}")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
