"""Pages of connections: cursors, `first`/`after` and `last`/`before`, and what pageInfo says."""

import base64
import binascii
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demo.shopify.api.errors import LARGEST_PAGE, bad_request
from demo.shopify.shop.values import Record

Arguments = Mapping[str, Any]
Item = tuple[Any, int, Any]
"""(value that the list is sorted by, number of the id, what is listed)"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a connection: its nodes and, beside each, the key that its cursor is made of."""

    nodes: Sequence[Record]
    keys: Sequence[tuple[Any, int]]
    has_next: bool = False
    has_previous: bool = False

    def cursor(self, place: int) -> str:
        """Return the cursor of a node."""
        return encode_cursor(*self.keys[place])


def encode_cursor(value: Any, number: int) -> str:
    """Return an opaque cursor that remembers the sort value and the id."""
    text = json.dumps({"last_id": number, "last_value": value}, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def decode_cursor(cursor: str) -> tuple[Any, int]:
    """Return what a cursor remembers. Errors: BAD_REQUEST when it is not one of ours."""
    try:
        held = json.loads(base64.b64decode(cursor, validate=True))
        return held["last_value"], int(held["last_id"])
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise bad_request("Invalid cursor for current pagination sort.") from error


def check_size(arguments: Arguments) -> None:
    """Refuse a page of no size or of more than 250."""
    sizes = [(name, arguments.get(name)) for name in ("first", "last")]
    given = [(name, size) for name, size in sizes if size is not None]
    if not given:
        raise bad_request("you must provide one of first or last")
    for name, size in given:
        if size > LARGEST_PAGE:
            raise bad_request(
                f"{name} cannot exceed {LARGEST_PAGE}. Please use pagination or bulk operations "
                "to fetch more records."
            )
        if size < 0:
            raise bad_request(f"{name} must be a positive integer")


def page_of_index(
    index: Sequence[Item],
    arguments: Arguments,
    matches: Callable[[Any], bool],
    word: Callable[[Any], Record],
) -> Page:
    """Return a page of a sorted list; `reverse` reads it from its other end.

    Errors: BAD_REQUEST when a cursor comes from another sort order.
    """
    is_reverse = bool(arguments.get("reverse"))
    try:
        low, high = _bounds(index, arguments, is_reverse)
    except TypeError as error:
        raise bad_request("Invalid cursor for current pagination sort.") from error
    size = arguments.get("first")
    is_forward = size is not None
    if size is None:
        size = arguments["last"]
    # Walking forward through a reversed list is walking down, and so is walking back.
    walks_up = is_forward != is_reverse
    places: Iterable[int] = range(low, high) if walks_up else range(high - 1, low - 1, -1)
    found: list[Item] = []
    has_more = False
    for place in places:
        if matches(index[place][2]):
            if len(found) == size:
                has_more = True
                break
            found.append(index[place])
    if not is_forward:
        found.reverse()
    came_from = arguments.get("after" if is_forward else "before") is not None
    return Page(
        [word(item) for _, _, item in found],
        [(value, number) for value, number, _ in found],
        has_more if is_forward else came_from,
        came_from if is_forward else has_more,
    )


def _bounds(index: Sequence[Item], arguments: Arguments, is_reverse: bool) -> tuple[int, int]:
    low, high = 0, len(index)
    after, before = arguments.get("after"), arguments.get("before")
    if is_reverse:
        after, before = before, after
    if after is not None:
        low = bisect_right(index, decode_cursor(after), key=lambda item: item[:2])
    if before is not None:
        high = bisect_left(index, decode_cursor(before), key=lambda item: item[:2])
    return low, max(low, high)


def page_of_list(records: Sequence[Record], arguments: Arguments, most: int | None = None) -> Page:
    """Return a page of the children of an object, in the order in which they are held.

    `most` caps the page below what was asked for, as a shop under pressure would.
    """
    items = list(reversed(records)) if arguments.get("reverse") else records
    low, high = 0, len(items)
    after, before = arguments.get("after"), arguments.get("before")
    if after is not None:
        low = _place(items, after) + 1
    if before is not None:
        high = max(_place(items, before), low)
    first, last = arguments.get("first"), arguments.get("last")
    start, end = low, high
    if first is not None:
        end = min(high, low + (first if most is None else min(first, most)))
    elif last is not None:
        start = max(low, high - (last if most is None else min(last, most)))
    nodes = items[start:end]
    return Page(
        nodes,
        [("", _number(node)) for node in nodes],
        end < high or (before is not None and high < len(items)),
        start > low or low > 0,
    )


def _place(items: Sequence[Record], cursor: str) -> int:
    _, number = decode_cursor(cursor)
    for place, node in enumerate(items):
        if _number(node) == number:
            return place
    raise bad_request("Invalid cursor for current pagination sort.")


def _number(node: Record) -> int:
    return int(node["id"].rpartition("/")[2])
