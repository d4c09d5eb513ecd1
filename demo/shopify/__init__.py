"""A Shopify shop of the demo company: an HTTP server that speaks the Admin API.

`running` starts it in this process; `python -m demo shopify` runs it alone.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from demo.api import DEFAULT_LINES, DEFAULT_SEED
from demo.company import Company
from demo.shopify.app import App
from demo.shopify.server import Server
from demo.shopify.shop.drafts import STORE
from demo.shopify.shop.store import Store
from demo.shopify.tokens import CLIENT_ID, CLIENT_SECRET

__all__ = ["RESTORE_RATE", "DemoShop", "running"]

RESTORE_RATE = 10_000
"""Points a second, for reading a made-up shop without waiting. Real shops have 100 to 2,000."""


@dataclass(frozen=True)
class DemoShop:
    """A running shop. `url` stands for https://{store}.myshopify.com."""

    url: str
    app: App
    store: str = STORE
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET

    @property
    def access_token(self) -> str:
        """Return the token of a legacy app, which never expires."""
        return self.app.tokens.permanent


@contextmanager
def running(
    lines: int = DEFAULT_LINES,
    seed: int = DEFAULT_SEED,
    *,
    restore_rate: float = RESTORE_RATE,
    port: int = 0,
) -> Iterator[DemoShop]:
    """Run the shop of the company of this size and seed until the block ends.

    `lines` is the company's, as for `python -m demo files`: the shop has a quarter as many.
    Errors: ValueError when they are too few, OSError when the port is taken.
    """
    with Company(lines, seed) as company:
        store = Store(company)
    server = Server(App(store, restore_rate), port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield DemoShop(server.url, server.app)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
