"""What one request may see and do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from demo.company import AS_OF
from demo.shopify.api.paging import Page
from demo.shopify.api.schema import ALL_ORDERS
from demo.shopify.shop.store import Entry, Store
from demo.shopify.shop.values import Record, moment

WINDOW_DAYS = 60
"""Without read_all_orders only orders so young are shown, and nothing says so."""

OLDEST_SEEN = moment(AS_OF - timedelta(days=WINDOW_DAYS)) or ""


class BulkOperations(Protocol):
    """What the root fields need of the bulk operations of a server."""

    def run(self, query: str, group_objects: bool) -> Record:
        """Take an operation."""

    def cancel(self, number: int) -> Record:
        """Cancel an operation."""

    def find(self, number: int) -> Record | None:
        """Return an operation."""

    def index(self, sort_key: str) -> list[tuple[Any, int, Record]]:
        """Return all operations, sorted."""


def _unwatched(_: Page) -> None:
    """Let a page pass."""


@dataclass
class Request:
    """One request's view of the shop. `search_warnings` collects those of all its root fields."""

    store: Store
    bulk: BulkOperations
    scopes: tuple[str, ...]
    nested_page_cap: int | None = None
    denied_search_fields: frozenset[str] = frozenset()
    search_warnings: list[dict[str, Any]] = field(default_factory=list)
    on_orders_page: Callable[[Page], None] = _unwatched

    def sees(self, entry: Entry) -> bool:
        """Say whether an order is young enough for the scopes of the token."""
        return ALL_ORDERS in self.scopes or entry.created_at >= OLDEST_SEEN
