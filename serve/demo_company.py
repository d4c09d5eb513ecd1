"""Puts the demo company where the extractors look when no source is configured."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console

from demo import write_marketplace
from demo.api import Progress
from demo.owner_rates import write_owner_rates
from extract.settings import Settings
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
    write_owner_rates(_owner_rates(workspace))
    done = "written to" if outcome.is_new else "already in"
    return f"{len(outcome.files):,} files, {outcome.rows:,} rows, {done} {shown(folder)}"


@contextmanager
def demo_servers(workspace: Workspace) -> Iterator[Settings]:
    """Run the demo's Shopify and Metabase; yield settings that lead the extractors to them.

    Both listen on the loopback address alone and are gone when the block ends. Errors: ServeError
    when a source is configured, OSError when no port is free.
    """
    # Imported here because only the demo needs a GraphQL engine.
    from demo import metabase, shopify

    if not workspace.is_demo:
        raise ServeError("the demo's servers run only when no source is configured")
    with shopify.running() as shop, metabase.running() as desertcart:
        yield workspace.settings.model_copy(
            update={
                "shopify_store": shop.store,
                "shopify_url": shop.url,
                "shopify_access_token": SecretStr(shop.access_token),
                "metabase_url": desertcart.url,
                "metabase_api_key": SecretStr(desertcart.api_key),
                "metabase_database_id": desertcart.database_id,
                # The port changes from run to run; what has been read is remembered by this name.
                "metabase_name": "demo",
                "rates_file": _owner_rates(workspace),
            }
        )


def _owner_rates(workspace: Workspace) -> Path:
    return workspace.raw_dir.parent / "owner_rates.csv"
