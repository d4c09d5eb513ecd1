"""Keeps personal data out of the shared files: by column name, and by what the values look like."""

import re
from collections.abc import Sequence

import duckdb

from serve.artifacts import Mart
from serve.sql import identifier

# Name, e-mail, phone and address of a person, as columns are usually called. A product, an order or
# a channel may have a name; a customer may not.
_PERSON = r"customer|buyer|user|client|contact|person|recipient|shopper|guest|holder"
_NAME_PART = r"first|last|full|given|family|middle|display|billing|shipping|sur|nick"
_NAMES = re.compile(rf"^(.*_)?(({_PERSON}|{_NAME_PART})_?)names?$|^names?$")
_CONTACT_WORDS = frozenset(
    ("email", "emails", "mail", "mails", "address", "addresses", "street", "postcode", "zip")
)
_PHONE_WORDS = frozenset(["phone", "phones", "mobile", "telephone", "tel", "msisdn", "cellphone"])
_HARMLESS = re.compile(r"^(has|is|was)_|_(hash|count|share|rate|domain)$")

_TEXT_TYPES = ("VARCHAR", "JSON", "ENUM", "BLOB")
_NUMBER_TYPES = re.compile(r"^U?(BIG|HUGE|SMALL|TINY)?INT(EGER)?$|^DECIMAL|^DOUBLE$|^FLOAT$")
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"


def suspicious_name(column: str, data_type: str) -> bool:
    """Whether a column is called like a customer's name, e-mail, phone or address.

    Flags and moments (`has_phone`, `email_verified_at`) are not, nor are hashes and counts.
    """
    name = column.lower()
    if _HARMLESS.search(name):
        return False
    is_text = any(kind in data_type for kind in _TEXT_TYPES)
    is_number = bool(_NUMBER_TYPES.search(data_type))
    words = set(name.split("_"))
    if is_text and (_NAMES.search(name) or words & _CONTACT_WORDS):
        return True
    return (is_text or is_number) and bool(words & _PHONE_WORDS)


def personal_data(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    mart: Mart,
    types: Sequence[tuple[str, str]],
) -> list[str]:
    """Return one line per column of a mart that must not be shared; no line quotes a value.

    `relation` is the quoted table to look into and `types` its columns. Every row is read: a CASE
    lets the pattern run only where there is an `@`, so it costs one pass over the text columns.
    """
    reviewed = {name.lower() for name, column in mart.columns.items() if column.is_reviewed}
    open_columns = [(name, kind) for name, kind in types if name.lower() not in reviewed]
    lines = [
        f"mart {mart.name}: column {name} is called like personal data"
        for name, kind in open_columns
        if suspicious_name(name, kind)
    ]
    texts = [name for name, kind in open_columns if any(text in kind for text in _TEXT_TYPES[:3])]
    if not texts:
        return lines
    counts = ", ".join(
        f"count(*) filter (where case when contains({text}, '@') "
        f"then regexp_matches({text}, '{_EMAIL}') else false end)"
        for text in (f"cast({identifier(name)} as varchar)" for name in texts)
    )
    found = connection.execute(f"select {counts} from {relation}").fetchall()[0]
    lines += [
        f"mart {mart.name}: column {name} holds e-mail addresses (rows: {count:,})"
        for name, count in zip(texts, found, strict=True)
        if count
    ]
    return lines
