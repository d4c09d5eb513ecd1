"""Progress on stderr: a bar on a terminal, lines elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# Without a terminal a long build shows this often that it is alive.
_LINE_EVERY_SECONDS = 30.0


class StepProgress:
    """Steps done of a total that becomes known on the way."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._task: Any = None
        self._last_line = time.monotonic()
        if console.is_terminal:
            self._bar = Progress(
                TextColumn("      {task.description}", markup=False),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("reading the project", total=None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def update(self, done: int, total: int | None, what: str) -> None:
        """Show that `done` steps are behind us and `what` is being worked on."""
        if self._bar:
            self._bar.update(self._task, completed=done, total=total, description=f"{what:36.36}")
        elif time.monotonic() - self._last_line > _LINE_EVERY_SECONDS:
            self._last_line = time.monotonic()
            line = f"      {done} of {total or '?'}: {what}"
            self._console.print(line, markup=False, soft_wrap=True)


class StepWatcher:
    """A dbt callback: counts the steps that finished, from any of dbt's threads."""

    def __init__(self, progress: StepProgress) -> None:
        self.total: int | None = None
        self._progress = progress
        self._lock = threading.Lock()
        self._done = 0

    def __call__(self, event: Any) -> None:
        """Take one event of dbt."""
        name = event.info.name
        if name not in {"LogStartLine", "SkippingDetails", "NodeFinished"}:
            return
        with self._lock:
            if name == "NodeFinished":
                self._done += 1
            else:
                self.total = event.data.total
            node = event.data.node_info
            self._progress.update(self._done, self.total, node.node_name or node.unique_id)


class Steps:
    """The steps of one command, each with a line when it begins and one when it is done."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._number = 0
        self._started = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator["Note"]:
        """Tell of one step; what the block notes is printed with the time it took."""
        self._number += 1
        self._console.print(f"[{self._number}/{self._total}] {title}", markup=False)
        note, started = Note(), time.monotonic()
        yield note
        seconds = time.monotonic() - started
        for line in note.lines[:-1]:
            self._console.print(f"      {line}", markup=False, soft_wrap=True)
        last = note.lines[-1] if note.lines else "done"
        self._console.print(f"      {last} ({seconds:.1f} s)", markup=False, soft_wrap=True)

    @property
    def seconds(self) -> float:
        """Seconds since the first step began."""
        return time.monotonic() - self._started


class Note:
    """What a step has to say at its end."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        """Add a line."""
        self.lines.append(line)
