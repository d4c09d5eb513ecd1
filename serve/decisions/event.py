"""What one event of the decision log says. Its file is never edited and never deleted."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

Action = Literal["resolve", "reopen", "assign", "comment"]
# What changes the state of an order; the last of these rules.
STATE_ACTIONS = frozenset(("resolve", "reopen"))
# The evidence of an order without any refund.
NO_EVIDENCE = "none"


@dataclass(frozen=True)
class Draft:
    """A decision before it is recorded.

    `effective_at` is the moment the decider looked at: null means the moment of recording, which it
    is unless the warehouse is built for a fixed day. `idempotency_key` makes a repetition harmless.
    """

    action: Action
    subject_key: str
    actor: str
    source: str
    idempotency_key: str
    reason_code: str | None = None
    reason_set_version: int | None = None
    comment: str | None = None
    assignee: str | None = None
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    evidence_hash: str = NO_EVIDENCE
    refund_usd_at_decision: Decimal | None = None
    refunds_at_decision: int = 0
    publication_id: str | None = None


class DecisionEvent(BaseModel):
    """One decision as it is on disk.

    Clocks: `recorded_at` is when it was written; `effective_at` is what a build `as_of` compares.
    `previous_sha256` is the hash of the file before it, so that an edited or missing event shows.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    previous_sha256: str | None
    recorded_at: AwareDatetime
    effective_at: AwareDatetime
    action: Action
    subject_type: Literal["order"] = "order"
    subject_key: str
    reason_code: str | None
    reason_set_version: int | None
    comment: str | None
    assignee: str | None
    actor: str
    source: str
    expires_at: AwareDatetime | None
    evidence_hash: str
    refund_usd_at_decision: Decimal | None
    refunds_at_decision: int
    publication_id: str | None
    supersedes_event_id: str | None
    idempotency_key: str

    def content(self) -> bytes:
        """Return the file as it is written."""
        return (self.model_dump_json(indent=2) + "\n").encode()

    def says_the_same_as(self, draft: Draft) -> bool:
        """Whether the draft under this event's idempotency key is this event sent again."""
        return (self.action, self.subject_key, self.reason_code, self.comment, self.assignee) == (
            draft.action,
            draft.subject_key,
            draft.reason_code,
            draft.comment,
            draft.assignee,
        )

    def is_resolved(self, now: datetime) -> bool:
        """Whether it takes its order out of the queue at a moment."""
        return self.action == "resolve" and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True)
class Recorded:
    """What became of a draft.

    `is_new` is false for a repetition, which wrote nothing. `overruled` is the decision on the same
    order that stood before; it stays in the log.
    """

    event: DecisionEvent
    is_new: bool
    overruled: DecisionEvent | None = None


def sha256_of(content: bytes) -> str:
    """Return the hash by which the next event names this file."""
    return hashlib.sha256(content).hexdigest()
