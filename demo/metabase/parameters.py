"""Template tags of native SQL: `{{name}}`, optional `[[ ... ]]`, raw values of the simple types."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from demo.metabase.errors import QueryError

_TOKEN = re.compile(r"\{\{\s*(?P<tag>[^{}]+?)\s*\}\}|(?P<open>\[\[)|(?P<close>\]\])")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_NO_VALUE = object()


@dataclass(frozen=True)
class Compiled:
    """SQL as the database gets it: texts and dates are bound values, numbers stand in the text."""

    sql: str
    values: tuple[Any, ...]

    def as_json(self) -> dict[str, Any]:
        """Return `native_form` as the API shows it."""
        params = [value.isoformat() if isinstance(value, date) else value for value in self.values]
        return {"query": self.sql, "params": params or None}


def compile_native(
    native: Mapping[str, Any], parameters: Sequence[Mapping[str, Any]] | None
) -> Compiled:
    """Put the parameters into the query of a native question.

    Errors: QueryError for a tag without a value outside of `[[ ]]`, for a value that does not fit
    its tag, and for the kinds of tags that this server does not know (field filters, snippets).
    """
    query = native.get("query")
    if not isinstance(query, str) or not query.strip():
        raise QueryError("The query is empty.", "invalid-query")
    tags: Mapping[str, Mapping[str, Any]] = native.get("template-tags") or {}
    given = _values(tags, parameters or ())
    values: list[Any] = []
    missing: list[str] = []
    sql, end = _substitute(query, 0, tags, given, values, missing, is_optional=False)
    if end != len(query):
        raise QueryError("Found ']]' with no matching '[['", "invalid-query")
    if missing:
        names = " ".join(f'"{name}"' for name in missing)
        raise QueryError(
            f"Cannot run the query: missing required parameters: #{{{names}}}",
            "missing-required-parameter",
        )
    return Compiled(sql, tuple(values))


def _substitute(
    query: str,
    start: int,
    tags: Mapping[str, Mapping[str, Any]],
    given: Mapping[str, Any],
    values: list[Any],
    missing: list[str],
    *,
    is_optional: bool,
) -> tuple[str, int]:
    """Return the SQL from `start` to the end or to the `]]` of this part, and where that is."""
    pieces: list[str] = []
    at = start
    while match := _TOKEN.search(query, at):
        pieces.append(query[at : match.start()])
        at = match.end()
        if match["tag"]:
            name = match["tag"]
            value = given.get(name, _NO_VALUE)
            if value is _NO_VALUE:
                missing.append(name)
                continue
            pieces.append(_snippet(tags[name], value, values))
        elif match["open"]:
            own_values: list[Any] = []
            own_missing: list[str] = []
            inner, at = _substitute(
                query, at, tags, given, own_values, own_missing, is_optional=True
            )
            if not own_missing:
                pieces.append(inner)
                values += own_values
        elif is_optional:
            return "".join(pieces), at
        else:
            return "".join(pieces), match.start()
    if is_optional:
        raise QueryError("Invalid query: found '[[' with no matching ']]'", "invalid-query")
    return "".join([*pieces, query[at:]]), len(query)


def _values(
    tags: Mapping[str, Mapping[str, Any]], parameters: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the value of every tag that has one: of a parameter, or its own default."""
    found: dict[str, Any] = {}
    for name, tag in tags.items():
        targeted = [one for one in parameters if _aims_at(one.get("target"), name, tag)]
        if len(targeted) > 1:
            raise QueryError(
                "Error: multiple values specified for parameter; "
                "non-Field Filter parameters can only have one value.",
                "invalid-parameter",
            )
        value = targeted[0].get("value") if targeted else None
        if value is None:
            value = tag.get("default")
        if value is not None:
            found[name] = value
        elif tag.get("required"):
            raise QueryError(
                f"You'll need to pick a value for '{tag.get('display-name') or name}' "
                "before this query can run.",
                "missing-required-parameter",
            )
    return found


def _aims_at(target: object, name: str, tag: Mapping[str, Any]) -> bool:
    match target:
        case ["variable", ["template-tag", str(aim)]]:
            return aim == name
        case ["variable", ["template-tag", {"id": aim}]]:
            return bool(tag.get("id") == aim)
    return False


def _snippet(tag: Mapping[str, Any], value: Any, values: list[Any]) -> str:
    kind = tag.get("type")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    match kind:
        case "text":
            values.append(value if isinstance(value, str) else str(value))
        case "number":
            return _number(value)
        case "boolean" if isinstance(value, bool):
            return "true" if value else "false"
        case "date":
            values.append(_date(value))
        case _:
            raise QueryError(
                f"Don't know how to parse parameter of type {kind!r}", "invalid-parameter"
            )
    return "?"


def _number(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    parts = [part.strip() for part in str(value).split(",")]
    if all(_NUMBER.fullmatch(part) for part in parts):
        return ", ".join(parts)
    raise QueryError(f"Error parsing number value {value!r}", "invalid-parameter")


def _date(value: Any) -> date:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise QueryError(f"Unable to parse date {value!r}", "invalid-parameter") from error
    return moment if "T" in str(value) or " " in str(value) else moment.date()
