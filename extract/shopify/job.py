"""Reads one window of one shop and lands it: orders with all below them, returns, customers."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from extract.errors import ExtractError
from extract.landing import Run, clear_os_errors
from extract.manifest import Window
from extract.progress import Reporter
from extract.shopify import bulk, flatten_graphql, flatten_rest, tables
from extract.shopify.bulk import BulkRefused
from extract.shopify.client import ShopifyClient
from extract.shopify.orders import OrderReader
from extract.shopify.pages import Node, PageSize, read_pages
from extract.shopify.preflight import VISIBLE_DAYS, Preflight
from extract.shopify.rest import PAGE_SIZE, RestReader
from extract.shopify.rows import Rows
from extract.shopify.seen import IdSet
from extract.shopify.values import number_of
from extract.shopify.window import ReadWindow, moment

_SAY_SECONDS = 5.0
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
_OPEN_STATUSES = ("return_requested", "in_progress")
_FINISHED_STATUSES = ("inspection_complete", "returned", "return_failed")

Flatten = Callable[[Node, Rows], None]


@dataclass(frozen=True)
class Plan:
    """Everything that was decided before the first row."""

    api: str
    how: str
    seen: Preflight
    window: ReadWindow
    warnings: Sequence[str]
    open_orders: Sequence[str]
    floor: datetime | None
    sweep_days: int
    bulk_above: int

    @property
    def covered(self) -> Window:
        """The window that later runs may rely on."""
        window = self.window.as_manifest()
        horizon = self.window.until - timedelta(days=VISIBLE_DAYS)
        if not self.seen.sees_all_orders and (
            self.window.since is None or self.window.since < horizon
        ):
            window.since = moment(horizon)
        return window


class ShopifyJob:
    """Lands one window of one shop."""

    def __init__(self, client: ShopifyClient, plan: Plan, origin: str) -> None:
        self._client = client
        self._plan = plan
        self._origin = origin
        self._rows = Rows(client.shop.store)

    def plan(self) -> list[str]:
        """Say what would be read, and what a page costs, by reading one."""
        plan, seen, window = self._plan, self._plan.seen, self._plan.window
        since = "the beginning" if window.since is None else moment(window.since)
        said = [
            f"{seen.domain} ({seen.currency}, {seen.time_zone}), API {plan.api} "
            f"{seen.api_version or 'of unknown version'}",
            f"scopes {', '.join(sorted(seen.scopes))}; oldest order {seen.oldest_order_at}",
            f"window from {since} until {moment(window.until)}",
        ]
        if plan.api == "rest":
            count = RestReader(self._client, window).count_orders()
            said.append(f"{count:,} orders, {PAGE_SIZE} to a page; REST has no returns")
        else:
            count = self._count()
            size = PageSize()
            next(read_pages(self._client, "orders", {"query": window.search}, size))
            said.append(
                f"{count:,} orders by {self._method(count)}, {size.first} to a page of "
                f"{self._client.last_cost} points; {self._client.points.restore_rate:g} points "
                "come back each second"
            )
            said.append(f"{len(plan.open_orders):,} orders with a return that was open")
        return [*said, *(f"warning: {warning}" for warning in plan.warnings)]

    def land(self, run: Run, reporter: Reporter) -> list[str]:
        """Read the window and write every table."""
        plan = self._plan
        run.origin = self._origin
        run.window_asked = plan.window.as_manifest()
        for warning in plan.warnings:
            run.warn(warning)
        self._rows.of(tables.SHOPS.name).append(self._shop_row())
        # Bulk results are on disk before they are rows.
        with _few_collections(), clear_os_errors(run.folder.parent):
            if plan.api == "rest":
                self._land_rest(run, reporter)
            else:
                self._land_graphql(run, reporter)
        self._rows.write(run)
        run.window_covered = plan.covered
        orders, customers = run.rows(tables.ORDERS.name), run.rows(tables.CUSTOMERS.name)
        return [
            f"{orders:,} orders and {customers:,} customers of {self._client.shop.store} until "
            f"{moment(plan.window.until)}, {self._client.requests_made:,} requests"
        ]

    def _land_graphql(self, run: Run, reporter: Reporter) -> None:
        plan = self._plan
        count = self._count()
        method = self._method(count)
        reporter.say(f"shopify: about {count:,} orders by {method}")
        reader = OrderReader(self._client, reporter)
        search = plan.window.search
        by_bulk = method == "bulk"
        if by_bulk:
            try:
                batches = reader.by_bulk(search, run.scratch())
                self._land_orders(batches, run, reporter, count)
            except BulkRefused as error:
                by_bulk = self._give_up_bulk(error, reporter)
        if not by_bulk:
            # Orders that a broken bulk operation gave were whole; they are not read again.
            self._land_orders(reader.by_pages(search), run, reporter, count)
        if not plan.window.is_first:
            self._sweep_returns(reader, run, reporter)
        if reader.gone:
            run.warn(f"{reader.gone:,} orders were deleted in the shop since they were seen")
        self._land_customers(run, reporter, by_bulk=by_bulk)
        for page in read_pages(self._client, "return_reasons", {}, PageSize()):
            _flatten(page, flatten_graphql.flatten_return_reason, self._rows)

    def _land_customers(self, run: Run, reporter: Reporter, *, by_bulk: bool) -> None:
        search = self._plan.window.search
        pages: Iterable[list[Node]] | None = None
        if by_bulk:
            try:
                result = bulk.run_bulk(
                    self._client, "bulk_customers", search, run.scratch(), reporter
                )
                pages = ([node] for node in bulk.read_lines(result))
            except BulkRefused as error:
                self._give_up_bulk(error, reporter)
        if pages is None:
            pages = read_pages(self._client, "customers", {"query": search}, PageSize())
        seen = IdSet()
        for page in pages:
            fresh = [node for node in page if seen.add(int(number_of(node["id"])))]
            _flatten(fresh, flatten_graphql.flatten_customer, self._rows)
            self._rows.write_full(run)

    def _give_up_bulk(self, error: BulkRefused, reporter: Reporter) -> bool:
        if self._plan.how == "bulk":
            raise ExtractError(f"{error}; run again with --api pages") from None
        reporter.warn(f"shopify: {error}; going on by pages")
        return False

    def _sweep_returns(self, reader: OrderReader, run: Run, reporter: Reporter) -> None:
        """Read orders again whose returns may have changed: the order itself does not show it.

        Those with an open return, those with a return that was open when it was last read, and
        those with a return that was finished lately.
        """
        window, floor = self._plan.window, self._plan.floor
        before = "" if window.since is None else f" updated_at:<'{moment(window.since)}'"
        lately = window.until - timedelta(days=self._plan.sweep_days)
        after = "" if floor is None else f" updated_at:>='{moment(floor)}'"
        recent = f" updated_at:>='{moment(lately if floor is None else max(lately, floor))}'"
        searches = [f"return_status:{status}{after}{before}" for status in _OPEN_STATUSES]
        searches += [f"return_status:{status}{recent}{before}" for status in _FINISHED_STATUSES]
        self._rows.write(run)
        landed = run.rows(tables.ORDERS.name)
        for search in searches:
            self._land_orders(reader.by_pages(search), run, None, 0)
        self._land_orders(reader.by_id(self._plan.open_orders), run, None, 0)
        self._rows.write(run)
        swept = run.rows(tables.ORDERS.name) - landed
        reporter.say(f"shopify: {swept:,} orders read again for their returns")

    def _land_orders(
        self, batches: Iterator[list[Node]], run: Run, reporter: Reporter | None, count: int
    ) -> None:
        done, said_at = 0, time.monotonic()
        for batch in batches:
            _flatten(batch, flatten_graphql.flatten_order, self._rows)
            self._rows.write_full(run)
            done += len(batch)
            if reporter is not None and time.monotonic() - said_at > _SAY_SECONDS:
                said_at = time.monotonic()
                reporter.say(f"shopify: {done:,} of about {count:,} orders")

    def _land_rest(self, run: Run, reporter: Reporter) -> None:
        reader = RestReader(self._client, self._plan.window)
        count = reader.count_orders()
        reporter.say(f"shopify: about {count:,} orders by REST, which has no returns")
        done, said_at = 0, time.monotonic()
        for page in reader.orders():
            _flatten(page, flatten_rest.flatten_order, self._rows)
            self._rows.write_full(run)
            done += len(page)
            if time.monotonic() - said_at > _SAY_SECONDS:
                said_at = time.monotonic()
                reporter.say(f"shopify: {done:,} of about {count:,} orders")
        for page in reader.customers():
            _flatten(page, flatten_rest.flatten_customer, self._rows)
            self._rows.write_full(run)

    def _count(self) -> int:
        asked = {"query": self._plan.window.search, "limit": None}
        return int(self._client.graphql("orders_count", asked)["ordersCount"]["count"])

    def _method(self, count: int) -> str:
        if self._plan.how != "auto":
            return self._plan.how
        return "bulk" if count > self._plan.bulk_above else "pages"

    def _shop_row(self) -> tuple[str | None, ...]:
        seen = self._plan.seen
        return (
            seen.shop_id,
            seen.shop_name,
            seen.currency,
            seen.time_zone,
            seen.plan,
            self._plan.api,
            seen.api_version,
            ",".join(sorted(seen.scopes)),
            seen.oldest_order_at,
        )


@contextmanager
def _few_collections() -> Iterator[None]:
    """Collect garbage less often: pages are trees, and searching them for cycles took a third."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _flatten(nodes: Iterable[dict[str, Any]], flatten: Flatten, rows: Rows) -> None:
    for node in nodes:
        try:
            flatten(node, rows)
        except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise ExtractError(
                f"{node.get('id')} came in a shape that is not understood "
                f"({type(error).__name__}); report it with the API version"
            ) from error
