"""Checks what a person asks for and records it; what can't be accepted is refused in a sentence."""

import hashlib
import json
import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from serve.decisions.event import Action, Draft, Recorded
from serve.decisions.log import DecisionLog
from serve.decisions.published import Published, open_published
from serve.decisions.reasons import ReasonSet, read_reasons
from serve.errors import ConfigurationError
from serve.workspace import Workspace

_LONGEST_COMMENT = 1000
_LONGEST_ACTOR = 100
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_HANDLE = re.compile(r"[\w.-]{1,50}")
_DAYS = re.compile(r"(\d{1,4})d")


@dataclass(frozen=True)
class Request:
    """What a person asks for. `order` is a key, number or name; `expires` a day, moment or `30d`.

    Without an `idempotency_key` each request is a decision of its own.
    """

    action: Action
    order: str
    actor: str
    source: str = "command line"
    reason: str | None = None
    comment: str | None = None
    expires: str | None = None
    assignee: str | None = None
    idempotency_key: str | None = None


class Recorder:
    """Records decisions on the published orders of one workspace."""

    def __init__(
        self,
        log: DecisionLog,
        published: Published,
        reasons: ReasonSet,
        as_of: datetime | None = None,
    ) -> None:
        self.log = log
        self.published = published
        self.reasons = reasons
        # A warehouse that is built for a fixed day sees decisions as of that day, or never.
        self._as_of = as_of

    @property
    def now(self) -> datetime:
        """The moment that decisions take effect, UTC."""
        return self._as_of or datetime.now(UTC)

    def record(self, request: Request) -> Recorded:
        """Record one decision; on return it is on the disk.

        Errors: ConfigurationError in one sentence, and nothing is recorded.
        """
        outcomes, problems = self._record([request])
        if problems:
            raise ConfigurationError(problems[0])
        return outcomes[0]

    def record_all(self, requests: Sequence[Request], places: Sequence[str]) -> list[Recorded]:
        """Record all decisions, or none if any can't be accepted.

        `places` names each request in the errors, as in `line 3`. Errors: ConfigurationError with
        one line per refused request.
        """
        outcomes, problems = self._record(requests, places)
        if problems:
            raise ConfigurationError(
                f"{len(problems):,} of {len(requests):,} decisions can't be accepted, so none was "
                "recorded; correct them and try again",
                details=problems,
            )
        return outcomes

    def order_key(self, name: str) -> str:
        """Return the key of the one order that goes by a name.

        Errors: ConfigurationError when there is none, or several.
        """
        return _one_order(name, self.published.find_orders([name])[name])

    def _record(
        self, requests: Sequence[Request], places: Sequence[str] = ("",)
    ) -> tuple[list[Recorded], list[str]]:
        found = self.published.find_orders(sorted({request.order for request in requests}))
        drafts: list[Draft] = []
        problems: list[str] = []
        seen: dict[str, str] = {}
        for request, place in zip(requests, places, strict=True):
            try:
                draft = self._draft(request, found[request.order])
                if earlier := seen.get(draft.subject_key):
                    raise ConfigurationError(f"order {request.order!r} is in {earlier} already")
            except ConfigurationError as error:
                problems.append(f"{place}: {error}" if place else str(error))
                continue
            seen[draft.subject_key] = place
            drafts.append(draft)
        if problems or not drafts:
            return [], problems
        evidence = self.published.evidence([draft.subject_key for draft in drafts])
        publication_id = self.published.publication_id()
        return self.log.append(
            [
                replace(
                    draft,
                    evidence_hash=evidence[draft.subject_key].evidence_hash,
                    refund_usd_at_decision=evidence[draft.subject_key].refund_usd,
                    refunds_at_decision=evidence[draft.subject_key].refunds,
                    publication_id=publication_id,
                )
                for draft in drafts
            ]
        ), []

    def _draft(self, request: Request, order_keys: Sequence[str]) -> Draft:
        order_key = _one_order(request.order, order_keys)
        comment = _comment(request.comment)
        draft = Draft(
            action=request.action,
            subject_key=order_key,
            actor=_actor(request.actor),
            source=request.source,
            idempotency_key=request.idempotency_key or uuid.uuid4().hex,
            comment=comment,
            effective_at=self._as_of,
        )
        if request.action == "assign":
            return replace(draft, assignee=_assignee(request.assignee))
        if request.action == "comment" and not comment:
            raise ConfigurationError("the comment is empty; give one with --comment")
        if request.action == "reopen":
            standing = self.log.standing().get(order_key)
            if standing is None or standing.action == "reopen":
                raise ConfigurationError(f"order {request.order!r} is open already")
        if request.action != "resolve":
            return draft
        if not request.reason:
            raise ConfigurationError(
                f"order {request.order!r} is given no reason; name one with --reason"
            )
        reason = self.reasons.find(request.reason)
        if reason.requires_comment and not comment:
            raise ConfigurationError(
                f"reason {reason.code} wants a comment; give one with --comment"
            )
        return replace(
            draft,
            reason_code=reason.code,
            reason_set_version=self.reasons.version,
            expires_at=self._expiry(request.expires, reason.default_expiry_days),
        )

    def _expiry(self, text: str | None, default_days: int | None) -> datetime | None:
        text = (text or "").strip()
        if text.lower() == "never":
            return None
        if not text:
            return self.now + timedelta(days=default_days) if default_days else None
        if days := _DAYS.fullmatch(text):
            moment = self.now + timedelta(days=int(days[1]))
        else:
            moment = _moment(text)
        if moment <= self.now:
            raise ConfigurationError(
                f"the decision would end {text!r}, which is not after {self.now:%Y-%m-%d %H:%M} UTC"
            )
        return moment


def open_recorder(workspace: Workspace) -> Recorder:
    """Open log, publication and reasons of a workspace.

    Errors: ServeError when nothing is published, or another company is.
    """
    return Recorder(
        DecisionLog(workspace.raw_dir),
        open_published(workspace),
        read_reasons(workspace.project_dir),
        workspace.as_of,
    )


def content_key(request: Request, origin: str) -> str:
    """Return an idempotency key that says what is decided, so that a repetition is one."""
    said = [origin, request.action, request.order, request.actor]
    said += [request.reason or "", request.comment or "", request.expires or ""]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _one_order(name: str, order_keys: Sequence[str]) -> str:
    if not order_keys:
        raise ConfigurationError(
            f"there is no order {name!r} in what is published; "
            "copy its order_key, number or name from the queue (--list)"
        )
    if len(order_keys) > 1:
        raise ConfigurationError(
            f"{len(order_keys)} orders are called {name!r}; "
            f"name one by its key: {', '.join(order_keys[:3])}"
        )
    return order_keys[0]


def _comment(text: str | None) -> str | None:
    comment = " ".join((text or "").split())
    if len(comment) > _LONGEST_COMMENT:
        raise ConfigurationError(
            f"the comment has {len(comment):,} characters; {_LONGEST_COMMENT:,} are allowed"
        )
    if _EMAIL.search(comment):
        # What is never deleted must not hold what a customer may ask to have deleted.
        raise ConfigurationError(
            "the comment holds an e-mail address, and decisions are kept for good; leave it out"
        )
    return _encodable(comment, "the comment") or None


def _actor(text: str) -> str:
    actor = " ".join(text.split())
    if not 0 < len(actor) <= _LONGEST_ACTOR:
        raise ConfigurationError(
            f"who decides must be named in 1 to {_LONGEST_ACTOR} characters; use --actor"
        )
    return _encodable(actor, "the actor")


def _assignee(text: str | None) -> str:
    # Published for all to see, so no e-mail address.
    if not _HANDLE.fullmatch(text or ""):
        raise ConfigurationError(
            f"{text!r} is no assignee; use a short name of letters, digits, '.', '_' and '-'"
        )
    return str(text)


def _encodable(text: str, what: str) -> str:
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise ConfigurationError(f"{what} holds characters that can't be printed; type it again")
    return text


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"{text!r} is no day to end a decision; write 2026-12-31, 30d or never"
        ) from None
    if len(text) == len("2026-12-31"):
        # The whole of the day that is named.
        moment = datetime.combine(moment, time()) + timedelta(days=1)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
