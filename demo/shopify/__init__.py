"""A Shopify shop of the demo company: an HTTP server that speaks the Admin API.

`running` starts it in this process; `python -m demo shopify` runs it alone.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from demo.api import DEFAULT_LINES, DEFAULT_SEED
from demo.company import Company
from demo.shopify.app import App
from demo.shopify.faults import FAULTS, Faults
from demo.shopify.server import Server
from demo.shopify.shop.drafts import STORE
from demo.shopify.shop.store import Store
from demo.shopify.shop.truth import OrderTruth, orders_truth
from demo.shopify.tokens import CLIENT_ID, CLIENT_SECRET

__all__ = ["FAULTS", "RESTORE_RATE", "DemoShop", "OrderTruth", "running"]

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

    def truth(self) -> list[OrderTruth]:
        """Return what is true of every order of the shop now, the oldest first."""
        return orders_truth(self.app.store)

    def close_returns(self) -> int:
        """Close every open return and return how many orders that touched; none of them moves."""
        return self.app.changes.close_returns()

    def touch_orders(self) -> None:
        """Change two orders, so that they were updated a minute before the shop's now."""
        self.app.changes.touch_orders()


@contextmanager
def running(
    lines: int = DEFAULT_LINES,
    seed: int = DEFAULT_SEED,
    *,
    faults: Iterable[str] = (),
    restore_rate: float = RESTORE_RATE,
    port: int = 0,
    with_stories: bool = True,
) -> Iterator[DemoShop]:
    """Run the shop of the company of this size and seed until the block ends.

    `lines` is the company's, as for `python -m demo files`: the shop has a quarter as many.
    `faults` are names of FAULTS.
    Errors: ValueError when the lines are too few, DemoError for an unknown fault, OSError when the
    port is taken.
    """
    switched_on = Faults(faults)
    with Company(lines, seed, with_stories=with_stories) as company:
        store = Store(company)
    app = App(store, restore_rate, switched_on)
    server = Server(app, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield DemoShop(server.url, app)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        app.close()
