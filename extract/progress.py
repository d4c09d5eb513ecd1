"""Progress on stderr: a bar on a terminal, one line a step elsewhere. Data goes to stdout."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


class Step(Protocol):
    """A piece of work whose size is known in bytes."""

    def advance(self, amount: int) -> None:
        """Say that so many more bytes are done."""


class Reporter:
    """Tells a person what is happening. `quiet` keeps warnings only."""

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self._console = console or Console(stderr=True, soft_wrap=True, highlight=False)
        self._quiet = quiet

    def say(self, text: str) -> None:
        """Print one line."""
        if not self._quiet:
            self._console.print(text, markup=False)

    def warn(self, text: str) -> None:
        """Print one line that a person should not miss."""
        self._console.print(f"warning: {text}", markup=False, style="yellow")

    @contextmanager
    def step(self, label: str, total_bytes: int) -> Iterator[Step]:
        """Show work of a known size until the block ends."""
        if self._quiet or not self._console.is_terminal:
            self.say(label)
            yield _Silent()
            return
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            yield _Bar(progress, label, total_bytes)


class _Silent:
    def advance(self, amount: int) -> None:
        """Without a terminal only the step's own line is shown."""


class _Bar:
    def __init__(self, progress: Progress, label: str, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task(label, total=total)

    def advance(self, amount: int) -> None:
        self._progress.advance(self._task, amount)
