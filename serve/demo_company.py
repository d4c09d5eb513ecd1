"""Puts the demo company's files where the extractors look when no source is configured."""

import shutil

from rich.console import Console

from demo import write_marketplace
from demo.api import Progress
from serve.errors import ServeError
from serve.files import shown
from serve.progress import StepProgress
from serve.workspace import Workspace


class _Orders(Progress):
    """Shows the orders that are being made up. Threads may overtake each other: only a picture."""

    def __init__(self, progress: StepProgress) -> None:
        self._progress = progress
        self._done = 0
        self._total = 0

    def start(self, orders: int) -> None:
        self._total = orders

    def advance(self, orders: int) -> None:
        self._done += orders
        self._progress.update(self._done, self._total, "orders")


def write_demo(workspace: Workspace, console: Console) -> str:
    """Write the drop folder unless it is there already; return a line about it.

    What had landed of another version of the demo company is cleared away, because it would be
    read beside the new files. Errors: DemoError when the folder holds files of somebody else.
    """
    folder = workspace.marketplace_dir
    if not workspace.is_demo or folder is None:
        raise ServeError("demo files are written only when no source is configured")
    with StepProgress(console) as progress:
        outcome = write_marketplace(folder, progress=_Orders(progress))
    if outcome.is_new and workspace.raw_dir.exists():
        shutil.rmtree(workspace.raw_dir)
    done = "written to" if outcome.is_new else "already in"
    return f"{len(outcome.files):,} files, {outcome.rows:,} rows, {done} {shown(folder)}"
