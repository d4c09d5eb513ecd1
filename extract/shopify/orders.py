"""Reads whole orders, page by page, by bulk operation or by name, each order once a run."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from extract.errors import ExtractError
from extract.progress import Reporter
from extract.shopify import bulk
from extract.shopify.client import ShopifyClient
from extract.shopify.complete import complete_order, what_is_missing
from extract.shopify.pages import Node, PageSize, read_by_id, read_pages
from extract.shopify.seen import IdSet
from extract.shopify.values import number_of

_ORDER_GID = "gid://shopify/Order/"
# Refunds of this many orders are asked for together.
_REFUND_BATCH = 2_000


class OrderReader:
    """Yields batches of complete orders.

    An order is given once, however it is reached: all its children are landed with it, and twice
    would be double. `gone` counts orders that were deleted while they were read.
    """

    def __init__(self, client: ShopifyClient, reporter: Reporter) -> None:
        self.gone = 0
        self._client = client
        self._reporter = reporter
        self._size = PageSize()
        self._refund_size = PageSize()
        self._seen = IdSet()

    @property
    def page_size(self) -> int:
        """Orders to a page, as large as their cost allows so far."""
        return self._size.first

    def has_read(self, order_id: str) -> bool:
        """Whether the order was given in this run."""
        return int(order_id) in self._seen

    def by_pages(self, search: str) -> Iterator[list[Node]]:
        """Yield the orders that a search finds."""
        for page in read_pages(self._client, "orders", {"query": search}, self._size):
            yield self._whole(page)

    def by_id(self, order_ids: Sequence[str]) -> Iterator[list[Node]]:
        """Yield the orders of these ids that were not read yet and still exist."""
        wanted = [_ORDER_GID + order_id for order_id in order_ids if not self.has_read(order_id)]
        for _, order in read_by_id(self._client, "orders_by_id", wanted, self._size):
            if order is None:
                self.gone += 1
            else:
                yield self._whole([order])

    def by_bulk(self, search: str, folder: Path) -> Iterator[list[Node]]:
        """Yield the orders that a search finds, refunds fetched by id.

        Errors: BulkRefused before anything is given, when pages can take over.
        """
        result = bulk.run_bulk(self._client, "bulk_orders", search, folder, self._reporter)
        self._reporter.say(f"shopify: the bulk operation has {result.roots:,} orders")
        for part in bulk.read_orders(result, folder):
            for start in range(0, len(part), _REFUND_BATCH):
                batch = part[start : start + _REFUND_BATCH]
                yield self._whole(self._with_refunds(batch))

    def _with_refunds(self, orders: list[Node]) -> list[Node]:
        gids = [refund["id"] for order in orders for refund in order["refunds"]]
        refunds = dict(read_by_id(self._client, "refunds_by_id", gids, self._refund_size))
        kept = []
        for order in orders:
            found = [refunds[refund["id"]] for refund in order["refunds"]]
            # A refund goes only with its order.
            if None in found:
                self.gone += 1
                continue
            order["refunds"] = found
            kept.append(order)
        return kept

    def _whole(self, orders: list[Node]) -> list[Node]:
        whole = []
        for order in orders:
            number = int(number_of(order["id"]))
            if number in self._seen:
                continue
            complete_order(self._client, order)
            if what_is_missing(order) is not None:
                again = self._again(order["id"])
                if again is None:
                    self.gone += 1
                    continue
                order = again
            self._seen.add(number)
            whole.append(order)
        return whole

    def _again(self, gid: str) -> Node | None:
        """Read an order once more, because parts of it are missing by its own sums."""
        for _, order in read_by_id(self._client, "orders_by_id", [gid], PageSize(1)):
            if order is None:
                return None
            complete_order(self._client, order)
            missing = what_is_missing(order)
            if missing is not None:
                raise ExtractError(
                    f"order {gid.rpartition('/')[2]} came incomplete twice: {missing}; run again, "
                    "and tell Shopify if it stays so"
                )
            return order
        return None
