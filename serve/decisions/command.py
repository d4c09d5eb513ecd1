"""What `python -m serve resolve` does, once its options are read."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from serve.decisions.bulk import read_requests
from serve.decisions.event import DecisionEvent, Recorded
from serve.decisions.log import DecisionLog
from serve.decisions.published import QueueRow
from serve.decisions.queue import open_queue, unseen_decisions
from serve.decisions.recorder import Request, open_recorder
from serve.workspace import Workspace

_WIDEST = 110


def record_one(workspace: Workspace, request: Request) -> None:
    """Record one decision and say what it means."""
    recorder = open_recorder(workspace)
    _tell_overruled(recorder.log, request.actor)
    outcome = recorder.record(request)
    click.echo(_told(outcome))
    _tell_unreadable(recorder.log)


def record_file(workspace: Workspace, path: Path, actor: str) -> None:
    """Record all decisions of a CSV file, or none, and count them."""
    recorder = open_recorder(workspace)
    requests, places = read_requests(path, actor)
    _tell_overruled(recorder.log, actor)
    outcomes = recorder.record_all(requests, places)
    new = [outcome for outcome in outcomes if outcome.is_new]
    overruling = [outcome for outcome in new if _overruled_other(outcome)]
    click.echo(f"decisions recorded: {len(new):,}")
    if known := len(outcomes) - len(new):
        click.echo(f"in the log already, from this file, and left as they are: {known:,}")
    if overruling:
        click.echo(f"overruling someone else, both stay on record: {len(overruling):,}")
    _tell_unreadable(recorder.log)


def list_queue(workspace: Workspace, limit: int, actor: str) -> None:
    """Print the queue as it stands now, decisions since the publication included."""
    recorder = open_recorder(workspace)
    rows, standing = recorder.published.resolutions(), recorder.log.standing()
    queue = open_queue(rows, standing, recorder.now)
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    _tell_overruled(recorder.log, actor)
    _print_queue(console, queue[:limit])
    since = len(unseen_decisions(rows, standing))
    console.print(
        f"waiting for a decision: {len(queue):,}, shown: {min(limit, len(queue)):,}; "
        f"decided since the publication: {since:,}"
    )
    _tell_unreadable(recorder.log)


def show_history(workspace: Workspace, order: str | None, limit: int) -> None:
    """Print the events of an order, or the last ones of all, oldest first."""
    if order is None:
        log = DecisionLog(workspace.raw_dir)
        events = log.events()[-limit:]
    else:
        recorder = open_recorder(workspace)
        log = recorder.log
        events = log.events(recorder.order_key(order))
    for event in events:
        click.echo(_line(event))
    if not events:
        click.echo("no decision is on record")
    _tell_unreadable(log)


def _told(outcome: Recorded) -> str:
    event = outcome.event
    if not outcome.is_new:
        return f"already on record as {event.event_id}, nothing was added"
    lines = [f"{event.subject_key}: {_what(event)}"]
    if event.action == "resolve" and outcome.overruled and _overruled_other(outcome):
        lines.append(
            f"  {outcome.overruled.actor} had decided {_when(outcome.overruled.recorded_at)}: "
            f"{_what(outcome.overruled)}; both stay on record, yours rules"
        )
    if event.action in ("resolve", "reopen"):
        lines.append("  the queue shows it now, scans and totals from the next build on")
    return "\n".join(lines)


def _overruled_other(outcome: Recorded) -> bool:
    return outcome.overruled is not None and outcome.overruled.actor != outcome.event.actor


def _tell_overruled(log: DecisionLog, actor: str) -> None:
    for own, other in log.overruled_by_others(actor):
        click.echo(
            f"note: your decision on {own.subject_key} ({_what(own)}) was overruled by "
            f"{other.actor} {_when(other.recorded_at)}: {_what(other)}",
            err=True,
        )


def _tell_unreadable(log: DecisionLog) -> None:
    if log.unreadable:
        click.echo(
            f"warning: files of the log that are no decisions: {len(log.unreadable)}, the first is "
            f"{log.unreadable[0]}; restore from a backup",
            err=True,
        )


def _what(event: DecisionEvent) -> str:
    if event.action == "assign":
        return f"assigned to {event.assignee}"
    if event.action == "comment":
        return "commented"
    if event.action == "reopen":
        return "reopened"
    until = f" until {event.expires_at:%Y-%m-%d %H:%M} UTC" if event.expires_at else ""
    return f"resolved as {event.reason_code}{until}"


def _when(moment: datetime) -> str:
    return f"at {moment:%Y-%m-%d %H:%M:%S} UTC"


def _line(event: DecisionEvent) -> str:
    comment = f": {event.comment}" if event.comment else ""
    return (
        f"{event.recorded_at:%Y-%m-%d %H:%M:%S}  {event.subject_key}  {_what(event)}"
        f"  by {event.actor}{comment}"
    )


def _print_queue(console: Console, rows: Sequence[QueueRow]) -> None:
    """Print two lines an order: what it is, and below it why it is here."""
    heading = (
        f"{'order':<38} {'at stake, USD':>13} {'days':>5}  {'severity':<8} {'state':<8} assignee"
    )
    console.print(heading, style="bold", soft_wrap=True)
    for row in rows:
        money = "-" if row.money_at_stake_usd is None else f"{row.money_at_stake_usd:,.2f}"
        days = "-" if row.age_days is None else f"{row.age_days:,}"
        # Reasons and names come from files: brackets in them are not markup.
        line = (
            f"{row.order_key:<38} {money:>13} {days:>5}  {row.severity or '-':<8} "
            f"{row.resolution_state:<8} {row.assignee or '-'}"
        )
        console.print(Text(line), soft_wrap=True)
        if row.evidence:
            console.print(Padding(Text(row.evidence, style="dim"), (0, 0, 0, 4)))
