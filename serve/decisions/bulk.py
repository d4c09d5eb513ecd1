"""Reads decisions from a CSV file, as a spreadsheet saves it."""

import csv
import hashlib
import io
from dataclasses import replace
from pathlib import Path

from serve.decisions.recorder import Request, content_key
from serve.errors import ConfigurationError
from serve.files import shown

_REQUIRED = ("order", "reason")
_OPTIONAL = ("comment", "expires")
_DELIMITERS = ",;\t"


def read_requests(path: Path, actor: str) -> tuple[list[Request], list[str]]:
    """Return the decisions of a file and the line that each stands on.

    Columns `order` and `reason`, and if wanted `comment` and `expires`, in any order; separated by
    comma, semicolon or tab. The same file again only repeats its decisions: each is recorded once.
    Errors: ConfigurationError when it is no such file.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{shown(path)} can't be read ({type(error).__name__}); save it as CSV in UTF-8"
        ) from None
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
    columns = [name.strip().lower() for name in reader.fieldnames or []]
    _check_columns(path, columns)
    reader.fieldnames = columns
    origin = hashlib.sha256(content).hexdigest()
    requests, places = [], []
    try:
        for row in reader:
            given = {name: (row.get(name) or "").strip() for name in (*_REQUIRED, *_OPTIONAL)}
            if not any(given.values()):
                continue
            place = f"line {reader.line_num}"
            if "" in row:
                raise ConfigurationError(
                    f"{shown(path)}, {place}: more fields than the heading has; put text that "
                    "holds a separator in quotes"
                )
            request = Request(action="resolve", actor=actor, source="csv", **given)
            requests.append(replace(request, idempotency_key=content_key(request, origin)))
            places.append(place)
    except csv.Error as error:
        raise ConfigurationError(f"{shown(path)} is not a CSV file ({error})") from None
    if not requests:
        raise ConfigurationError(f"{shown(path)} holds no decision below its heading")
    return requests, places


def _check_columns(path: Path, columns: list[str]) -> None:
    known = (*_REQUIRED, *_OPTIONAL)
    if missing := [name for name in _REQUIRED if name not in columns]:
        raise ConfigurationError(
            f"{shown(path)} has no column {' and no column '.join(missing)}; "
            f"its first line must name {', '.join(known)}"
        )
    if unknown := [name for name in columns if name not in known]:
        raise ConfigurationError(
            f"{shown(path)} has a column {unknown[0]!r}; only {', '.join(known)} are read"
        )
