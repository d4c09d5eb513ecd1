"""What the decider looks at: orders, their refund evidence and the queue, as published."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from serve.decisions.event import NO_EVIDENCE
from serve.errors import ServeError
from serve.files import shown
from serve.publication import read_previous
from serve.publish import published_paths
from serve.workspace import Workspace

_ORDERS = """
with named as (select unnest(?::varchar[]) as name)
select named.name, orders.order_key
from named inner join orders on {condition}
"""
_BY_KEY = "orders.order_key = named.name"
_BY_NUMBER = "orders.order_id = named.name or orders.order_name = named.name"
_EVIDENCE = """
select order_key, evidence_hash, refund_usd, refund_items
from order_evidence where order_key in (select unnest(?::varchar[]))
"""


@dataclass(frozen=True)
class Evidence:
    """The refunds of an order that a decision is taken on. `refund_usd` is None when unknown."""

    evidence_hash: str = NO_EVIDENCE
    refund_usd: Decimal | None = None
    refunds: int = 0


@dataclass(frozen=True)
class QueueRow:
    """One order of `order_resolutions`; money in USD, times in UTC."""

    order_key: str
    resolution_state: str
    last_event_id: str | None
    is_in_queue: bool
    priority: int | None
    severity: str | None
    alert_type: str | None
    alert_types: str | None
    evidence: str | None
    money_at_stake_usd: Decimal | None
    waiting_since: datetime | None
    age_days: int | None
    assignee: str | None
    evidence_hash: str


class Published:
    """The published marts, read-only; opened anew for each question, so never out of date."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def publication_id(self) -> str | None:
        """Return the id of what is published now."""
        previous = read_previous(self._database)
        return previous.publication_id if previous else None

    def find_orders(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Return per name the keys of the orders that go by it: by key, else by number or name."""
        found: dict[str, list[str]] = {name: [] for name in names}
        with self._connected() as connection:
            for condition in (_BY_KEY, _BY_NUMBER):
                wanted = [name for name, keys in found.items() if not keys]
                if not wanted:
                    break
                query = _ORDERS.format(condition=condition)
                for name, order_key in connection.execute(query, [wanted]).fetchall():
                    found[name].append(order_key)
        return {name: sorted(keys) for name, keys in found.items()}

    def evidence(self, order_keys: Sequence[str]) -> dict[str, Evidence]:
        """Return the refund evidence of every order asked for."""
        with self._connected() as connection:
            rows = connection.execute(_EVIDENCE, [list(order_keys)]).fetchall()
        known = {key: Evidence(hashed, usd, refunds) for key, hashed, usd, refunds in rows}
        return {key: known.get(key, Evidence()) for key in order_keys}

    def resolutions(self) -> list[QueueRow]:
        """Return every order with an alert or a decision, the queue first, in its order."""
        names = ", ".join(f"resolutions.{name}" for name in _FROM_RESOLUTIONS)
        query = f"""
            select {names}, queue.priority is not null as is_in_queue, queue.priority
            from order_resolutions as resolutions
            left join decision_queue as queue on resolutions.order_key = queue.order_key
            order by queue.priority nulls last, resolutions.order_key
        """
        with self._connected() as connection:
            cursor = connection.execute(query)
            columns = [column[0] for column in cursor.description or []]
            return [_row(dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]

    @contextmanager
    def _connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = duckdb.connect(str(self._database), read_only=True)
        try:
            yield connection
        except duckdb.CatalogException:
            raise ServeError(
                "what is published is older than the decisions of this version; run `make run`"
            ) from None
        finally:
            connection.close()


_FROM_RESOLUTIONS = tuple(
    name for name in QueueRow.__dataclass_fields__ if name not in ("is_in_queue", "priority")
)


def open_published(workspace: Workspace) -> Published:
    """Open the publication that belongs to a workspace.

    Errors: ServeError when nothing is published, or when it is of the demo company and decisions
    would be recorded for a real one (or the other way round).
    """
    database = published_paths(workspace.warehouse_dir)[0]
    if not database.exists():
        raise ServeError(
            f"nothing is published in {shown(workspace.warehouse_dir)}; run `make run` first"
        )
    previous = read_previous(database)
    if previous and previous.is_demo is not None and previous.is_demo != workspace.is_demo:
        published, configured = ("the demo company", "a real source is")
        if workspace.is_demo:
            published, configured = ("real data", "no source is")
        raise ServeError(
            f"what is published is of {published}, but {configured} configured; run `make run` "
            "first, so that decisions are taken on the right company"
        )
    return Published(database)


def _row(values: dict[str, Any]) -> QueueRow:
    return QueueRow(**values)
