"""The queue as it stands now: as published, with the decisions that came since laid over it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from serve.decisions.event import DecisionEvent
from serve.decisions.published import QueueRow


def open_queue(
    rows: Sequence[QueueRow], standing: Mapping[str, DecisionEvent], now: datetime
) -> list[QueueRow]:
    """Return the orders that need a person now, in the order of the published queue.

    A decision that the publication has not seen takes its order out, or puts a reopened one back in
    front. `rows` are those of `order_resolutions`, `standing` the last decision per order.
    """
    return [*_reopened(rows, standing), *_still_open(rows, standing, now)]


def unseen_decisions(
    rows: Sequence[QueueRow], standing: Mapping[str, DecisionEvent]
) -> dict[str, DecisionEvent]:
    """Return per order the decision that the publication does not know of yet."""
    published = {row.order_key: row.last_event_id for row in rows}
    return {
        order_key: event
        for order_key, event in standing.items()
        if published.get(order_key) != event.event_id
    }


def _reopened(
    rows: Sequence[QueueRow], standing: Mapping[str, DecisionEvent]
) -> Iterator[QueueRow]:
    unseen = unseen_decisions(rows, standing)
    for row in rows:
        event = unseen.get(row.order_key)
        if not row.is_in_queue and event and event.action == "reopen":
            yield replace(row, resolution_state="reopened", is_in_queue=True)


def _still_open(
    rows: Sequence[QueueRow], standing: Mapping[str, DecisionEvent], now: datetime
) -> Iterator[QueueRow]:
    unseen = unseen_decisions(rows, standing)
    for row in rows:
        if not row.is_in_queue:
            continue
        event = unseen.get(row.order_key)
        if event is None:
            yield row
        elif event.action == "reopen":
            yield replace(row, resolution_state="reopened")
        elif event.evidence_hash != row.evidence_hash:
            # Decided on an earlier publication: what came since has not been looked at.
            yield replace(row, resolution_state="changed")
        elif not event.is_resolved(now):
            yield replace(row, resolution_state="expired")
