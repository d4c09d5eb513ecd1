"""The decision log: one small JSON file per event in `RAW_DIR/decisions`, only ever added to.

Writers take turns under a lock, so that events have one order on which everybody agrees: their
names sort by the moment of recording. A file is written beside, synced and renamed; it is on the
disk when `append` returns. Raw data may hold personal data, so files are for their owner only.
"""

import fcntl
import os
import random
import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from serve.decisions.event import STATE_ACTIONS, DecisionEvent, Draft, Recorded, sha256_of
from serve.errors import ConfigurationError, ServeError
from serve.files import shown, sync

FOLDER = "decisions"
_SUFFIX = ".json"
_BESIDE = ".new"
_ID_FORMAT = "%Y%m%dT%H%M%S%fZ"
_LOCK_SECONDS = 60.0
# Clocks of machines that share a folder differ a little; a whole log from the future is a fault.
_CLOCK_TOLERANCE = timedelta(minutes=5)


class DecisionLog:
    """Reads and extends the log of one raw folder. Safe among threads and among processes.

    Files never change, so what has been read once is kept; a later look reads the new ones only.
    """

    def __init__(self, raw_dir: Path) -> None:
        self.folder = raw_dir / FOLDER
        self._guard = threading.RLock()
        self._forget()

    def _forget(self) -> None:
        self._names: set[str] = set()
        self._events: dict[str, DecisionEvent] = {}
        self._by_key: dict[str, DecisionEvent] = {}
        self._standing: dict[str, DecisionEvent] = {}
        self._last_at: datetime | None = None
        self.unreadable: list[str] = []

    def events(self, subject_key: str | None = None) -> list[DecisionEvent]:
        """Return the events, oldest first; of one order if it is named."""
        with self._guard:
            self._refresh()
            every = (self._events[name] for name in sorted(self._events))
            return [event for event in every if subject_key in (None, event.subject_key)]

    def standing(self) -> dict[str, DecisionEvent]:
        """Return per order the last event that resolved or reopened it."""
        with self._guard:
            self._refresh()
            return dict(self._standing)

    def assigned(self) -> dict[str, str]:
        """Return per order whom it was last handed to."""
        return {
            event.subject_key: event.assignee
            for event in self.events()
            if event.action == "assign" and event.assignee
        }

    def overruled_by_others(self, actor: str) -> list[tuple[DecisionEvent, DecisionEvent]]:
        """Return an actor's decisions that others overruled since the actor last recorded one.

        Each with what overruled it, so that both of two people who decide at once get to know.
        """
        events = self.events()
        own = {event.event_id: event for event in events if event.actor == actor}
        since = max(own, default="")
        return [
            (own[event.supersedes_event_id], event)
            for event in events
            if event.actor != actor and event.supersedes_event_id in own and event.event_id > since
        ]

    def append(self, drafts: Sequence[Draft]) -> list[Recorded]:
        """Record decisions in order; on return they are synced to the disk.

        Errors: ConfigurationError when an idempotency key was used for something else (nothing is
        recorded then), ServeError when the lock does not come free or the clock is wrong.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._guard, self._turn():
            self._refresh()
            self._clear_leftovers()
            outcomes = self._number(drafts)
            self._write(outcome.event for outcome in outcomes if outcome.is_new)
            self._refresh()
        return outcomes

    def _number(self, drafts: Sequence[Draft]) -> list[Recorded]:
        """Give ids, moments, predecessors and the chain of hashes."""
        now = datetime.now(UTC)
        if self._last_at and self._last_at > now + _CLOCK_TOLERANCE:
            raise ServeError(
                f"the last decision in {shown(self.folder)} is of {self._last_at:%Y-%m-%d %H:%M} "
                "UTC, which has not come yet; correct the clock of this machine"
            )
        last_at = self._last_at
        previous = self._last_hash()
        by_key, standing = dict(self._by_key), dict(self._standing)
        outcomes = []
        for draft in drafts:
            if known := by_key.get(draft.idempotency_key):
                if not known.says_the_same_as(draft):
                    raise ConfigurationError(
                        f"the key {draft.idempotency_key!r} was used for another decision, "
                        f"{known.event_id}; give each decision a key of its own"
                    )
                outcomes.append(Recorded(known, is_new=False))
                continue
            # Behind every earlier one, even when the clock stands still or goes back.
            last_at = max(
                datetime.now(UTC), last_at + timedelta(microseconds=1) if last_at else now
            )
            changes_state = draft.action in STATE_ACTIONS
            before = standing.get(draft.subject_key) if changes_state else None
            event = _event(draft, last_at, previous, before)
            previous = sha256_of(event.content())
            by_key[draft.idempotency_key] = event
            if changes_state:
                standing[draft.subject_key] = event
            outcomes.append(Recorded(event, is_new=True, overruled=before))
        return outcomes

    def _write(self, events: Iterable[DecisionEvent]) -> None:
        beside: list[tuple[Path, Path]] = []
        # All of them first: a full disk then records nothing instead of a part.
        for event in events:
            path = self.folder / f"{event.event_id}{_SUFFIX}"
            written = path.with_name(f"{path.name}{_BESIDE}")
            beside.append((written, path))
            try:
                _write_synced(written, event.content())
            except OSError:
                for unfinished, _ in beside:
                    with suppress(OSError):
                        unfinished.unlink()
                raise
        for written, path in beside:
            written.rename(path)
        if beside:
            sync(self.folder)

    def _refresh(self) -> None:
        names = self._listed()
        if not self._names <= names:
            # Somebody took files away: what is left is what there is.
            self._forget()
        for name in sorted(names - self._names):
            self._names.add(name)
            try:
                event = DecisionEvent.model_validate_json((self.folder / name).read_bytes())
            except (OSError, ValidationError):
                self.unreadable.append(name)
                continue
            self._events[name] = event
            self._by_key.setdefault(event.idempotency_key, event)
            self._last_at = max(event.recorded_at, self._last_at or event.recorded_at)
            standing = self._standing.get(event.subject_key)
            if event.action in STATE_ACTIONS and (
                standing is None or event.event_id > standing.event_id
            ):
                self._standing[event.subject_key] = event

    def _listed(self) -> set[str]:
        try:
            with os.scandir(self.folder) as entries:
                return {entry.name for entry in entries if entry.name.endswith(_SUFFIX)}
        except FileNotFoundError:
            return set()

    def _last_hash(self) -> str | None:
        if not self._names:
            return None
        return sha256_of((self.folder / max(self._names)).read_bytes())

    def _clear_leftovers(self) -> None:
        # Whoever wrote these is dead, or we would not hold the lock; nobody was told they stand.
        for leftover in self.folder.glob(f"*{_SUFFIX}{_BESIDE}"):
            leftover.unlink()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        path = self.folder / ".lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + _LOCK_SECONDS
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise ServeError(
                            f"others have held {shown(path)} for {_LOCK_SECONDS:.0f} seconds; "
                            "nothing was recorded, try again"
                        ) from None
                    time.sleep(random.uniform(0.001, 0.01))
            yield
        finally:
            os.close(descriptor)


def _event(
    draft: Draft, recorded_at: datetime, previous: str | None, before: DecisionEvent | None
) -> DecisionEvent:
    return DecisionEvent(
        event_id=f"{recorded_at.strftime(_ID_FORMAT)}-{secrets.token_hex(4)}",
        previous_sha256=previous,
        recorded_at=recorded_at,
        effective_at=draft.effective_at or recorded_at,
        action=draft.action,
        subject_key=draft.subject_key,
        reason_code=draft.reason_code,
        reason_set_version=draft.reason_set_version,
        comment=draft.comment,
        assignee=draft.assignee,
        actor=draft.actor,
        source=draft.source,
        expires_at=draft.expires_at,
        evidence_hash=draft.evidence_hash,
        refund_usd_at_decision=draft.refund_usd_at_decision,
        refunds_at_decision=draft.refunds_at_decision,
        publication_id=draft.publication_id,
        supersedes_event_id=before.event_id if before else None,
        idempotency_key=draft.idempotency_key,
    )


def _write_synced(path: Path, content: bytes) -> None:
    # Read-only from the start: an event is never edited.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
