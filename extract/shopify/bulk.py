"""Bulk operations: the shop writes a file of JSON lines, and we put the pieces together again.

Children name their parent in `__parentId` and may stand anywhere in the file, so the lines are
first sorted into files by order, each small enough for memory. Partial results are never used.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from extract.errors import ExtractError
from extract.progress import Reporter, Step
from extract.shopify.client import ShopifyClient
from extract.shopify.pages import Node
from extract.shopify.queries import load_bulk_query

# Each wait is a share of the time so far, so that the end is never noticed much too late.
_POLL_SHARE = 0.2
_POLL_SECONDS = (0.2, 10.0)
# Other operations of the same app may be under way; five are allowed at a time.
_BUSY_TRIES = 60
_BUSY_WAIT_SECONDS = 15.0
_TRIES = 2
_BUSY_CODES = {"OPERATION_IN_PROGRESS", "LIMIT_REACHED"}
_DONE = {"COMPLETED", "FAILED", "CANCELED", "EXPIRED"}

# JSON of this size takes about six times as much as objects.
_PART_BYTES = 4 * 1024 * 1024
# Files that are open at a time; parts that are still too large are split again.
_MOST_PARTS = 120
_TOO_LARGE = 3
_PARENT = re.compile(rb'"__parentId"\s*:\s*"gid://shopify/(\w+)/(\d+)')
_OWN_RETURN = re.compile(rb'"id"\s*:\s*"gid://shopify/Return/(\d+)"')
_OWN_ORDER = re.compile(rb'"id"\s*:\s*"gid://shopify/Order/(\d+)"')

_LIST_OF = {
    "LineItem": "lineItems",
    "Return": "returns",
    "ReturnLineItem": "returnLineItems",
    "UnverifiedReturnLineItem": "returnLineItems",
    "ExchangeLineItem": "exchangeLineItems",
}


class BulkRefused(ExtractError):
    """The shop can't or won't do this by bulk operation; pages can."""


@dataclass(frozen=True)
class BulkFile:
    """A complete result on disk. `objects` counts its lines, `roots` those without a parent."""

    path: Path
    objects: int
    roots: int


def run_bulk(
    client: ShopifyClient, name: str, search: str, folder: Path, reporter: Reporter
) -> BulkFile:
    """Run `queries/<name>.graphql` as a bulk operation and download its result.

    Errors: BulkRefused when the shop refuses it or fails twice, ExtractError otherwise.
    """
    document = load_bulk_query(name, search)
    problem = ""
    for _ in range(_TRIES):
        finished = _wait(client, _start(client, name, document), reporter)
        status = finished["status"]
        if status == "COMPLETED":
            try:
                return _fetch(client, name, finished, folder, reporter)
            except _Incomplete as error:
                problem = str(error)
                continue
        problem = f"{status} {finished.get('errorCode') or ''}".strip()
        if finished.get("errorCode") == "ACCESS_DENIED":
            break
    raise BulkRefused(f"the bulk operation {name} did not give all its data ({problem})")


def read_orders(bulk: BulkFile, folder: Path) -> Iterator[list[Node]]:
    """Yield batches of orders with their lines and returns, in the shape that pages have.

    Errors: BulkRefused when a line has no parent in the file.
    """
    for part in _parts(bulk.path, folder):
        yield _assemble(part)
        part.unlink()


def read_lines(bulk: BulkFile) -> Iterator[Node]:
    """Yield the objects of a result that has no children."""
    with bulk.path.open("rb") as file:
        for line in filter(bytes.strip, file):
            yield json.loads(line, parse_float=str)


class _Incomplete(Exception):
    """The file has fewer lines than the shop counted."""


def _start(client: ShopifyClient, name: str, document: str) -> str:
    for _ in range(_BUSY_TRIES):
        payload = client.graphql("bulk_run", {"query": document})["bulkOperationRunQuery"]
        errors = payload["userErrors"]
        if not errors:
            started: str = payload["bulkOperation"]["id"]
            return started
        if errors[0].get("code") not in _BUSY_CODES:
            message = " ".join(str(errors[0].get("message")).split())[:240]
            raise BulkRefused(f"the bulk operation {name} was refused: {message}")
        client.pause(_BUSY_WAIT_SECONDS)
    raise BulkRefused("other bulk operations of this app did not come to an end; run again later")


def _wait(client: ShopifyClient, gid: str, reporter: Reporter) -> Node:
    told, begun = 0, time.monotonic()
    while True:
        operation = client.graphql("bulk_status", {"id": gid})["bulkOperation"]
        if operation is None:
            raise BulkRefused("the shop forgot the bulk operation")
        if operation["status"] in _DONE:
            return dict(operation)
        count = int(operation.get("objectCount") or 0)
        if count >= told + 100_000:
            reporter.say(f"shopify: the shop has written {count:,} objects")
            told = count
        shortest, longest = _POLL_SECONDS
        client.pause(min(longest, max(shortest, _POLL_SHARE * (time.monotonic() - begun))))


def _fetch(
    client: ShopifyClient, name: str, operation: Node, folder: Path, reporter: Reporter
) -> BulkFile:
    expected = int(operation["objectCount"])
    expected_roots = int(operation["rootObjectCount"])
    path = folder / f"{name}.jsonl"
    if operation["url"] is None:
        path.touch()
    else:
        bytes_told = int(operation.get("fileSize") or 0)
        with reporter.step(f"shopify: downloading {name}", bytes_told) as step:
            _download(client, str(operation["url"]), path, step)
    objects = roots = 0
    with path.open("rb") as file:
        for line in filter(bytes.strip, file):
            objects += 1
            roots += b'"__parentId"' not in line
    if (objects, roots) != (expected, expected_roots):
        raise _Incomplete(f"{objects:,} of {expected:,} objects")
    return BulkFile(path, objects, roots)


def _download(client: ShopifyClient, url: str, path: Path, step: Step) -> None:
    try:
        client.download(url, path, step.advance)
    except ExtractError as error:
        # Its address may have expired; the operation is run again.
        raise _Incomplete(str(error)) from None


def _parts(path: Path, folder: Path, divisor: int = 1) -> Iterator[Path]:
    """Yield files of whole orders, each small enough for memory; `path` is used up.

    `divisor` is into how many parts it was split before.
    """
    size = path.stat().st_size
    count = min(_MOST_PARTS, 1 + size // _PART_BYTES)
    for part in _split(path, folder, count, divisor):
        # One order may be as large as it likes: a part that is all of its file stays whole.
        if _TOO_LARGE * _PART_BYTES < part.stat().st_size < size:
            yield from _parts(part, folder, divisor * count)
        else:
            yield part


def _split(source_path: Path, folder: Path, count: int, divisor: int) -> list[Path]:
    paths = [folder / f"{source_path.name}.{number}" for number in range(count)]
    order_of: dict[bytes, bytes] = {}
    waiting_path = folder / f"{source_path.name}.waiting"
    with ExitStack() as stack:
        parts = [stack.enter_context(path.open("wb")) for path in paths]
        waiting = stack.enter_context(waiting_path.open("w+b"))
        source = stack.enter_context(source_path.open("rb"))

        def place(line: bytes, order_id: bytes) -> None:
            # The ids of a shop are 32,768 apart: their remainders would fill one part in eight.
            number = crc32(order_id) // divisor % count
            parts[number].write(line if line.endswith(b"\n") else line + b"\n")

        for line in filter(bytes.strip, source):
            parent = _PARENT.search(line)
            if parent is None:
                own = _OWN_ORDER.search(line)
                if own is None:
                    raise BulkRefused("the result of the bulk operation has lines without an id")
                place(line, own[1])
            elif parent[1] == b"Order":
                own = _OWN_RETURN.search(line)
                if own is not None:
                    order_of[own[1]] = parent[2]
                place(line, parent[2])
            elif parent[2] in order_of:
                place(line, order_of[parent[2]])
            else:
                waiting.write(line)
        waiting.seek(0)
        for line in waiting:
            parent = _PARENT.search(line)
            if parent is None or parent[2] not in order_of:
                raise BulkRefused("the result of the bulk operation has lines without a parent")
            place(line, order_of[parent[2]])
    waiting_path.unlink()
    source_path.unlink()
    return paths


def _assemble(part: Path) -> list[Node]:
    with part.open("rb") as file:
        objects = [json.loads(line, parse_float=str) for line in file]
    owners: dict[str, Node] = {}
    orders = []
    for node in objects:
        kind = _kind(node["id"])
        if kind == "Order":
            node["lineItems"] = _whole_list()
            node["returns"] = _whole_list()
            orders.append(node)
        elif kind == "Return":
            node["returnLineItems"] = _whole_list()
            node["exchangeLineItems"] = _whole_list()
        else:
            continue
        owners[node["id"]] = node
    for node in objects:
        parent = node.get("__parentId")
        if parent is None:
            continue
        if parent not in owners:
            raise BulkRefused("the result of the bulk operation has lines without a parent")
        owners[parent][_LIST_OF[_kind(node["id"])]]["nodes"].append(node)
    return orders


def _whole_list() -> dict[str, Any]:
    return {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


def _kind(gid: str) -> str:
    return gid.split("/")[-2]
