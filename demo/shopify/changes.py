"""What changes in the shop while somebody reads it: orders between two pages, returns after all."""

from datetime import timedelta

from demo.company import AS_OF
from demo.shopify.api.paging import Page
from demo.shopify.faults import Faults
from demo.shopify.shop.drafts import Draft
from demo.shopify.shop.store import Store

_LAST_MINUTE = AS_OF - timedelta(minutes=1)


class Changes:
    """Makes the changes that faults ask for, each once."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store = store
        self._faults = faults
        self._first_page: Page | None = None
        self._pages = 0

    def orders_page_was_read(self, page: Page) -> None:
        """Count a page of orders that is about to be sent."""
        self._pages += 1
        if self._pages == 1:
            self._first_page = page
        if self._pages == 2 and self._faults.has("order_changes_during_paging"):
            self.touch_orders()
        if not page.has_next and self._faults.strikes("return_changes_without_order", 1):
            self.close_returns()

    def touch_orders(self) -> None:
        """Change an order that was read already and one that was not: both move to the end."""
        read = [] if self._first_page is None else [number for _, number in self._first_page.keys]
        index = self._store.index("Order", "UPDATED_AT")
        seen = [entry for _, number, entry in index if number in read[:1]]
        for entry in (*seen, index[len(index) * 3 // 4][2]):
            self._store.change(entry, _touch)

    def close_returns(self) -> int:
        """Close every open return, as staff would; no order notices. Return how many there were."""
        count = 0
        for entry in self._store.orders:
            draft = entry.draft
            if draft is not None and any(one.status == "OPEN" for one in draft.returns):
                self._store.change(entry, _close_returns)
                count += 1
        return count


def _touch(draft: Draft) -> None:
    draft.tags = (*draft.tags, "changed")
    draft.touched_at = _LAST_MINUTE


def _close_returns(draft: Draft) -> None:
    for one in draft.returns:
        if one.status == "OPEN":
            one.status, one.closed_at = "CLOSED", _LAST_MINUTE
            for back in one.lines:
                back.received = back.units
