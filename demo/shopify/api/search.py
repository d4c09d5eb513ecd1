"""The search syntax of `query:` arguments: terms, comparators, AND, OR, NOT and brackets.

A term that names no known field is left out of the filter and told of in `extensions.search`, as
Shopify does: that is how an unquoted moment, cut at its colons, silently returns everything.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Getter = Callable[[Any], Any]
Matcher = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\))
        | (?P<term>-?(?:[^\s()'"]|'[^']*'|"[^"]*")+)
    )""",
    re.VERBOSE,
)
_COMPARATOR = re.compile(r"(>=|<=|>|<)?(.*)", re.DOTALL)
_MOMENT_FIELDS = ("created_at", "updated_at", "processed_at")


@dataclass(frozen=True, slots=True)
class Search:
    """A parsed filter. `warnings` are those of `extensions.search`."""

    matches: Matcher
    warnings: list[dict[str, Any]] = field(default_factory=list)
    parsed: list[dict[str, Any]] = field(default_factory=list)


def parse_search(
    query: str | None, fields: Mapping[str, Getter], denied: frozenset[str] = frozenset()
) -> Search:
    """Return the filter that a query asks for; `denied` fields are treated as unknown."""
    if not query or not query.strip():
        return Search(lambda _: True)
    tokens = [match for match in _TOKEN.finditer(query) if match.group().strip()]
    reader = _Reader(tokens, fields, denied)
    return Search(reader.either(), reader.warnings, reader.parsed)


class _Reader:
    def __init__(
        self, tokens: list[re.Match[str]], fields: Mapping[str, Getter], denied: frozenset[str]
    ) -> None:
        self._tokens = tokens
        self._at = 0
        self._fields = fields
        self._denied = denied
        self.warnings: list[dict[str, Any]] = []
        self.parsed: list[dict[str, Any]] = []

    def either(self) -> Matcher:
        """Read alternatives, until a bracket closes."""
        options = [self._all()]
        while self._word() == "OR":
            self._at += 1
            options.append(self._all())
        return options[0] if len(options) == 1 else lambda item: any(one(item) for one in options)

    def _all(self) -> Matcher:
        needed: list[Matcher] = []
        while self._at < len(self._tokens):
            word = self._word()
            if word == "OR" or self._tokens[self._at].group("close"):
                break
            if word == "AND":
                self._at += 1
                continue
            matcher = self._one()
            if matcher is not None:
                needed.append(matcher)
        if len(needed) == 1:
            return needed[0]
        return lambda item: all(one(item) for one in needed)

    def _one(self) -> Matcher | None:
        if self._word() == "NOT":
            self._at += 1
            return _negated(self._one()) if self._at < len(self._tokens) else None
        token = self._tokens[self._at]
        self._at += 1
        if token.group("open"):
            inner = self.either()
            self._at += 1
            return inner
        text = token.group("term") or ""
        if text.startswith("-"):
            return _negated(self._term(text[1:]))
        return self._term(text)

    def _word(self) -> str | None:
        return self._tokens[self._at].group("term") if self._at < len(self._tokens) else None

    def _term(self, text: str) -> Matcher | None:
        name, value = _split(text)
        getter = self._fields.get(name)
        if getter is None or name in self._denied:
            self.parsed.append({"field": name, "match_all": _unquoted(value)})
            self.warnings.append(
                {
                    "field": name,
                    "message": "Invalid search field for this query.",
                    "code": "invalid_field",
                }
            )
            return None
        matched = _COMPARATOR.fullmatch(value)
        assert matched is not None
        comparator, wanted = matched.group(1), _unquoted(matched.group(2))
        kind = {">=": "range_gte", "<=": "range_lte", ">": "range_gt", "<": "range_lt"}
        self.parsed.append({"field": name, kind.get(comparator or "", "match_all"): wanted})
        return _compare(name, getter, comparator, wanted)


def _split(text: str) -> tuple[str, str]:
    """Cut a term into field and value at its last colon outside quotes."""
    cut, quote = -1, ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == ":":
            cut = place
    return (text[:cut], text[cut + 1 :]) if cut >= 0 else ("", text)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] in "'\"" and value[-1] == value[0] else value


def _negated(matcher: Matcher | None) -> Matcher | None:
    if matcher is None:
        return None
    inner = matcher
    return lambda item: not inner(item)


def _compare(name: str, getter: Getter, comparator: str | None, wanted: str) -> Matcher:
    if name in _MOMENT_FIELDS:
        return _compare_moment(getter, comparator, as_utc(wanted))
    if comparator is not None:
        number = int(wanted)
        return {
            ">=": lambda item: int(getter(item)) >= number,
            "<=": lambda item: int(getter(item)) <= number,
            ">": lambda item: int(getter(item)) > number,
            "<": lambda item: int(getter(item)) < number,
        }[comparator]
    options = {one.strip().lower() for one in wanted.split(",")}
    if wanted == "*":
        return lambda item: getter(item) is not None
    return lambda item: not options.isdisjoint(_texts(getter(item)))


def _texts(value: Any) -> set[str]:
    values = value if isinstance(value, tuple) else (value,)
    return {str(one).lower() for one in values if one is not None}


def _compare_moment(getter: Getter, comparator: str | None, wanted: str) -> Matcher:
    # Moments are texts of one length in UTC, and a day precedes its hours.
    if comparator == ">=":
        return lambda item: bool(getter(item) >= wanted)
    if comparator == "<=":
        return lambda item: bool(getter(item)[: len(wanted)] <= wanted)
    if comparator == ">":
        return lambda item: bool(getter(item)[: len(wanted)] > wanted)
    if comparator == "<":
        return lambda item: bool(getter(item) < wanted)
    return lambda item: bool(getter(item).startswith(wanted))


def as_utc(text: str) -> str:
    """Return a moment with an offset in UTC; one without is UTC already, a day stays a day."""
    if "T" not in text:
        return text
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
