"""Pages of a connection, as large as their cost allows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from extract.errors import ExtractError
from extract.shopify.answers import TooCostly
from extract.shopify.client import ShopifyClient, Unreachable

Node = dict[str, Any]

# The largest size of each cost step: a page one larger costs more, one smaller saves nothing.
_STEPS = (250, 244, 148, 90, 54, 33, 20, 12, 7, 4, 2, 1)
# A page that fails so often is asked for in smaller pieces before it is given up.
_ATTEMPTS_BEFORE_SHRINKING = 4


class PageSize:
    """How many nodes to ask for; it only ever shrinks."""

    def __init__(self, first: int = _STEPS[0]) -> None:
        self.first = first

    @property
    def can_shrink(self) -> bool:
        """Whether there is a smaller page."""
        return self.first > 1

    def fit(self, error: TooCostly) -> None:
        """Shrink to what the cost of the refused page lets expect.

        Errors: the refusal itself when the page is of one node already.
        """
        if not self.can_shrink:
            raise error
        share = error.most / error.cost if error.cost > error.most else 1.0
        # Cost grows with the logarithm of the size, so this is at most too careful by some steps
        # where few nodes are asked for by id, and the next refusal corrects it where it is not.
        self._shrink_below(max(1, int(self.first * share)))

    def halve(self) -> None:
        """Shrink after a page that the shop fails to put together."""
        self._shrink_below(max(1, self.first // 2))

    def _shrink_below(self, most: int) -> None:
        most = min(most, self.first - 1)
        self.first = max(step for step in _STEPS if step <= most)


def read_pages(
    client: ShopifyClient, name: str, variables: Mapping[str, Any], size: PageSize
) -> Iterator[list[Node]]:
    """Yield the nodes of every page of `connection` in query `name`.

    Filter and order are repeated on each page. Errors: ExtractError.
    """
    after: str | None = None
    while True:
        data = _shrinking(client, name, size, lambda first: {**variables, "first": first}, after)
        connection = data["connection"]
        yield connection["nodes"]
        following = next_cursor(connection, after, name)
        if following is None:
            return
        after = following


def read_by_id(
    client: ShopifyClient, name: str, gids: Sequence[str], size: PageSize
) -> Iterator[tuple[str, Node | None]]:
    """Yield each id with its node, or with None where the shop has it no longer."""
    start = 0
    while start < len(gids):
        left = gids[start:]
        data = _shrinking(client, name, size, partial(_first_ids, left))
        nodes = data["nodes"]
        yield from zip(gids[start : start + len(nodes)], nodes, strict=True)
        if not nodes:
            raise ExtractError(f"query {name} was answered without a node for each id; run again")
        start += len(nodes)


def read_rest(client: ShopifyClient, name: str, gid: str, after: str | None) -> list[Node]:
    """Return what follows `after` in a connection of one node, to its end."""
    rest: list[Node] = []
    size = PageSize()
    while True:
        data = _shrinking(client, name, size, lambda first: {"id": gid, "first": first}, after)
        owner = data["owner"]
        if owner is None:
            raise ExtractError(f"{gid} was deleted while it was read; run again")
        connection = owner["connection"]
        rest.extend(connection["nodes"])
        after = next_cursor(connection, after, name)
        if after is None:
            return rest


def next_cursor(connection: Node, after: str | None, name: str) -> str | None:
    """Return the cursor of the next page, or None at the end.

    Errors: ExtractError when there is a next page and no way to it.
    """
    ending = connection["pageInfo"]
    if not ending["hasNextPage"]:
        return None
    cursor: str | None = ending["endCursor"]
    if cursor is None or cursor == after:
        raise ExtractError(f"query {name}: there is a next page and no cursor to it; run again")
    return cursor


def _first_ids(gids: Sequence[str], first: int) -> dict[str, Any]:
    return {"ids": list(gids[:first])}


def _shrinking(
    client: ShopifyClient,
    name: str,
    size: PageSize,
    variables: Callable[[int], Mapping[str, Any]],
    after: str | None = None,
) -> Node:
    while True:
        asked = dict(variables(size.first))
        if after is not None:
            asked["after"] = after
        try:
            return client.graphql(name, asked, _ATTEMPTS_BEFORE_SHRINKING)
        except TooCostly as error:
            size.fit(error)
        except Unreachable:
            if not size.can_shrink:
                raise
            size.halve()
