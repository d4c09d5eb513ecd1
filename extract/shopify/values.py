"""Single values on their way to text."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any


def id_of(node: Any) -> str | None:
    """Return the trailing number of a node's gid; null for no node.

    Some gids carry parameters behind a question mark, which are no part of the id.
    """
    if node is None:
        return None
    return number_of(node["id"])


def number_of(gid: str) -> str:
    """Return the trailing number of `gid://shopify/Order/1001?x=y`."""
    return gid.rpartition("/")[2].partition("?")[0]


def text_of(value: Any) -> str | None:
    """Return numbers and flags as text; text as it is."""
    if value is None or isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value)


def sum_of(amounts: Iterable[str | None]) -> str | None:
    """Add amounts exactly. A single one stays as sent, none at all is 0, an unknown one is null."""
    known = list(amounts)
    if len(known) == 1:
        return known[0]
    total = Decimal(0)
    for amount in known:
        if amount is None:
            return None
        total += Decimal(amount)
    return str(total)
