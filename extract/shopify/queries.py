"""Reads the `.graphql` files beside it and puts the fragments in their places.

The documents that are sent hold no fragments: the validator of bulk operations is narrower than
GraphQL, and so the same text serves for pages and for bulk.
"""

import json
import re
from functools import cache
from pathlib import Path

QUERY_DIR = Path(__file__).parent / "queries"
FRAGMENT_DIR = QUERY_DIR / "fragments"

_SPREAD = re.compile(r"\.\.\.\s*([A-Z]\w*)")
_COMMENT = re.compile(r"#.*")
_FILTER = '"FILTER"'


@cache
def load_query(name: str) -> str:
    """Return the document of `queries/<name>.graphql`, one line, every fragment expanded."""
    text = (QUERY_DIR / f"{name}.graphql").read_text(encoding="utf-8")
    return " ".join(_expand(_COMMENT.sub("", text)).split())


def load_bulk_query(name: str, search: str) -> str:
    """Return a bulk document with its search filled in; bulk operations take no variables."""
    return load_query(name).replace(_FILTER, json.dumps(search))


def _expand(text: str) -> str:
    return _SPREAD.sub(lambda spread: _expand(_fragment_fields(spread[1])), text)


@cache
def _fragment_fields(name: str) -> str:
    text = _COMMENT.sub("", (FRAGMENT_DIR / f"{name}.graphql").read_text(encoding="utf-8"))
    return text[text.index("{") + 1 : text.rindex("}")]
