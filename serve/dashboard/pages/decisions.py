"""Decisions: the orders that need a person, dearest first, decided on the spot."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import streamlit as st

from serve.dashboard.columns import column, is_number, shown
from serve.dashboard.filters import Filters
from serve.dashboard.shell import View, escaped, open_page, table
from serve.decisions.event import DecisionEvent, Recorded
from serve.decisions.published import QueueRow
from serve.decisions.queue import open_queue
from serve.decisions.recorder import Recorder, Request, open_recorder
from serve.errors import ServeError

_NEEDED = ("decision_queue", "order_resolutions", "order_evidence")
_TOLD = "decision_told"
_QUEUE_COLUMNS = [
    "order_key", "money_at_stake_usd", "severity", "age_days", "assignee", "resolution_state",
    "evidence",
]  # fmt: skip
_EVIDENCE = (
    "alert_label", "advice", "top_reason", "units_sold", "units_refunded",
    "units_over_refunded", "sales_usd", "refund_usd", "over_refunded_usd", "repeated_refunds",
    "kept_refund_usd", "undelivered_refund_usd", "unmapped_refund_usd", "open_returns",
    "is_candidate", "earlier_reason_code", "ordered_at", "last_refunded_at", "waiting_since",
)  # fmt: skip
_HISTORY_ROWS = 200
_SHOWN_ROWS = 500


def show() -> None:
    """Show the page."""
    view = open_page("Decisions")
    if not all(view.marts.has(name) for name in _NEEDED):
        st.info("This publication has no decision queue yet; run `make run` and it appears here.")
        return
    try:
        recorder = _recorder(view)
    except ServeError as error:
        st.error("No decision can be recorded now.")
        st.text(str(error))
        return
    _tell(view, recorder)
    queue = open_queue(_resolutions(view), recorder.log.standing(), recorder.now)
    assigned = recorder.log.assigned()
    if assigned:
        queue = [replace(row, assignee=assigned.get(row.order_key, row.assignee)) for row in queue]
    waiting, decided = st.tabs(["Queue", "History"])
    with waiting:
        _queue(view, recorder, _narrowed(view, queue))
    with decided:
        _history(view, recorder)


def _queue(view: View, recorder: Recorder, queue: Sequence[QueueRow]) -> None:
    if not queue:
        st.success("Nothing waits for a decision here.")
        return
    money = sum(row.money_at_stake_usd or 0 for row in queue)
    st.caption(
        f"{len(queue):,} orders wait, {money:,.0f} USD at stake, the dearest on top. "
        "Select another row to look at it."
    )
    left, right = st.columns([3, 2])
    with left:
        wanted = st.text_input(
            "Search", key="search_queue", placeholder="part of an order, its evidence or assignee"
        )
        found = _matching(queue, wanted)
        if len(found) > _SHOWN_ROWS:
            st.caption(f"The first {_SHOWN_ROWS:,} of {len(found):,}; the CSV file has all.")
        picked = table(
            _as_table(found[:_SHOWN_ROWS]),
            "queue",
            columns=_QUEUE_COLUMNS,
            search=False,
            pick=True,
            whole=lambda: _as_table(found),
        )
    by_key = {row.order_key: row for row in queue}
    if not found:
        return
    chosen = by_key[picked["order_key"]] if picked else found[0]
    with right:
        _order(view, recorder, chosen)


def _order(view: View, recorder: Recorder, row: QueueRow) -> None:
    st.subheader("Order", anchor=False)
    st.text(row.order_key)
    money = "unknown" if row.money_at_stake_usd is None else f"{row.money_at_stake_usd:,.2f} USD"
    waits = f" · waits {row.age_days:,} days" if row.age_days is not None else ""
    st.text(f"{row.severity or '-'} · at stake {money} · {row.resolution_state}{waits}")
    # Evidence and reasons come from shops: shown as text, never as Markdown.
    st.text(row.evidence or "No alert stands; the order was reopened.")
    with st.expander("Evidence"):
        _evidence(view, row.order_key)
    events = recorder.log.events(row.order_key)
    if events and view.person.may_decide:
        with st.expander(f"Earlier decisions ({len(events)})"):
            _events(events)
    if view.person.may_decide:
        _form(view, recorder, row)
        _assign(view, recorder, row)
    else:
        st.caption("Deciding needs the role manager.")


def _evidence(view: View, order_key: str) -> None:
    found = view.marts.rows(
        "select * from decision_queue where order_key = $key", {"key": order_key}
    )
    for row in found:
        for name in _EVIDENCE:
            value = row.get(name)
            if value is not None and value is not False and value != 0:
                text = shown(name, value) if is_number(name) else _plain(value)
                st.text(f"{column(name).label}: {text}")
    if found and (user_key := found[0].get("user_key")):
        st.text(f"Customer: {user_key}")


def _form(view: View, recorder: Recorder, row: QueueRow) -> None:
    reasons = {reason.code: reason for reason in recorder.reasons.reasons}
    key = f"key_{row.order_key}"
    # One key per form: a second click on the same button is the same decision.
    st.session_state.setdefault(key, uuid.uuid4().hex)
    with st.form(f"resolve_{row.order_key}", border=True):
        code = st.selectbox(
            "Reason",
            list(reasons),
            index=None,
            format_func=lambda code: (
                f"{reasons[code].label}{' (comment needed)' * reasons[code].requires_comment}"
            ),
            placeholder=f"one of {len(reasons)}",
            key=f"reason_{row.order_key}",
        )
        comment = st.text_input(
            "Comment", key=f"comment_{row.order_key}", help="No names or contacts: it is kept."
        )
        expires = st.text_input(
            "Holds until",
            key=f"expires_{row.order_key}",
            placeholder="2026-12-31, 30d or never; empty: as the reason has it",
        )
        sent = st.form_submit_button("Resolve", type="primary")
    if sent:
        _record(
            recorder,
            Request(
                action="resolve",
                order=row.order_key,
                actor=view.person.name,
                source="dashboard",
                reason=code,
                comment=comment,
                expires=expires,
                idempotency_key=st.session_state[key],
            ),
            key,
        )


def _assign(view: View, recorder: Recorder, row: QueueRow) -> None:
    with st.expander(f"Assigned to {row.assignee}" if row.assignee else "Assign to somebody"):
        # No form: a name and one button.
        assignee = st.text_input("Short name", key=f"assignee_{row.order_key}")
        if st.button("Assign", key=f"assign_{row.order_key}"):
            _record(
                recorder,
                Request(
                    action="assign",
                    order=row.order_key,
                    actor=view.person.name,
                    source="dashboard",
                    assignee=assignee.strip(),
                ),
            )


def _record(recorder: Recorder, request: Request, key: str | None = None) -> None:
    """Record a decision; the page says so once it is on the disk."""
    try:
        outcome = recorder.record(request)
    except ServeError as error:
        st.error("Not recorded.")
        st.text(str(error))
        return
    if key:
        st.session_state.pop(key, None)
    st.session_state[_TOLD] = outcome
    st.rerun()


def _tell(view: View, recorder: Recorder) -> None:
    """Say what was just recorded, and what others overruled."""
    outcome: Recorded | None = st.session_state.get(_TOLD)
    if outcome:
        event = outcome.event
        what = {
            "resolve": "is resolved",
            "reopen": "is open again",
            "assign": f"is assigned to {event.assignee}",
        }.get(event.action, "has a comment")
        st.success(
            f"Recorded: {escaped(event.subject_key)} {escaped(what)}. The queue below has it now."
        )
        before = outcome.overruled
        if before and before.actor != event.actor:
            st.warning(
                f"{escaped(before.actor)} had decided at {before.recorded_at:%Y-%m-%d %H:%M} UTC "
                f"({escaped(before.reason_code or before.action)}); both stay on record, yours "
                "rules."
            )
        if event.action == "resolve" and view.person.may_decide and st.button("Undo"):
            _reopen(view, recorder, event.subject_key)
    for own, other in recorder.log.overruled_by_others(view.person.name):
        st.warning(
            f"Your decision on {escaped(own.subject_key)} was overruled by "
            f"{escaped(other.actor)}: {escaped(other.reason_code or other.action)}."
        )
    if recorder.log.unreadable:
        st.warning(f"{len(recorder.log.unreadable)} files of the decision log can't be read.")


def _history(view: View, recorder: Recorder) -> None:
    if not view.person.may_decide:
        st.caption("Who decided what is shown to managers.")
        return
    events = recorder.log.events()[-_HISTORY_ROWS:]
    if not events:
        st.info("No decision is on record.")
        return
    _events(events)
    standing = recorder.log.standing()
    resolved = sorted(key for key, event in standing.items() if event.action == "resolve")
    chosen = st.selectbox(
        "Reopen an order", resolved, index=None, placeholder="type a part of its key"
    )
    if chosen and st.button("Reopen"):
        _reopen(view, recorder, chosen)


def _reopen(view: View, recorder: Recorder, order_key: str) -> None:
    _record(
        recorder,
        Request(action="reopen", order=order_key, actor=view.person.name, source="dashboard"),
    )


def _events(events: Sequence[DecisionEvent]) -> None:
    table(
        pa.Table.from_pylist(
            [
                {
                    "recorded_at": event.recorded_at.replace(tzinfo=None),
                    "order_key": event.subject_key,
                    "action": event.action,
                    "reason_code": event.reason_code or "",
                    "comment": event.comment or "",
                    "actor": event.actor,
                    "expires_at": event.expires_at.replace(tzinfo=None)
                    if event.expires_at
                    else None,
                }
                for event in reversed(events)
            ]
        ),
        f"decisions_{events[0].subject_key if len({e.subject_key for e in events}) == 1 else 'all'}"
        f"_{len(events)}",
        search=False,
    )


def _matching(queue: Sequence[QueueRow], wanted: str) -> Sequence[QueueRow]:
    words = wanted.casefold().split()
    if not words:
        return queue
    texts = (
        f"{row.order_key} {row.evidence} {row.severity} {row.assignee} {row.resolution_state}"
        for row in queue
    )
    return [
        row
        for row, text in zip(queue, texts, strict=True)
        if all(word in text.casefold() for word in words)
    ]


def _as_table(queue: Sequence[QueueRow]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                name: float(value) if name == "money_at_stake_usd" and value is not None else value
                for name in _QUEUE_COLUMNS
                for value in [getattr(row, name)]
            }
            for row in queue
        ]
    )


def _narrowed(view: View, queue: Sequence[QueueRow]) -> Sequence[QueueRow]:
    """Keep the orders of the filters; what they say of products and days is asked of the marts."""
    filters = view.filters
    if filters == Filters():
        return queue
    # The queue knows its own days; only what was reopened since is looked up among all orders.
    placed = filters.where("ordered_at", with_category=False)
    sql = f"""
    with waiting as (select order_key, channel, sub_channel, ordered_at from decision_queue),
    reopened as (
        select order_key, channel, sub_channel, ordered_at from orders
        where order_key in (select unnest($reopened::varchar[]))
    ),
    narrowed as (
        select order_key from (from waiting union all from reopened) where {placed}
    )
    select order_key from narrowed
    """
    if filters.category:
        sql += (
            "where order_key in (select order_key from order_items "
            f"where order_key in (select order_key from narrowed) and {filters.where()})"
        )
    reopened = tuple(row.order_key for row in queue if row.priority is None)
    if not reopened:
        sql = sql.replace("(from waiting union all from reopened)", "waiting")
    kept = {
        row["order_key"] for row in view.marts.rows(sql, filters.values(sql, reopened=reopened))
    }
    return [row for row in queue if row.order_key in kept]


def _resolutions(view: View) -> list[QueueRow]:
    own = {"is_in_queue", "priority"}
    names = [name for name in QueueRow.__dataclass_fields__ if name not in own]
    sql = f"""
    select {", ".join(f"resolutions.{name}" for name in names)},
        queue.priority is not null as is_in_queue, queue.priority
    from order_resolutions as resolutions
    left join decision_queue as queue on resolutions.order_key = queue.order_key
    order by queue.priority nulls last, resolutions.order_key
    """
    return view.marts.kept(
        ("resolutions",), lambda: [QueueRow(**row) for row in view.marts.rows(sql)]
    )


@st.cache_resource(show_spinner=False)
def _recorder_of(raw_dir: str, publication_id: str) -> Recorder:
    from serve.workspace import open_workspace

    return open_recorder(open_workspace())


def _recorder(view: View) -> Recorder:
    return _recorder_of(str(view.workspace.raw_dir), view.about.publication_id)


def _plain(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else str(value)
