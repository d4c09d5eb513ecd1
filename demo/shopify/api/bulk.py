"""Bulk operations: taken at the desk, run in a thread, handed out as JSONL behind a signed URL."""

import hashlib
import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from graphql import GraphQLError, GraphQLSchema

from demo.company import AS_OF
from demo.shopify.api.bulk_query import (
    BulkExecution,
    BulkQuery,
    InvalidBulkQueryError,
    NodePlans,
    read_bulk_query,
    rows_of,
)
from demo.shopify.api.cost import CostAnalysis
from demo.shopify.api.listing import nodes_of_root
from demo.shopify.api.request import Request
from demo.shopify.api.schema import missing_types
from demo.shopify.faults import Faults
from demo.shopify.shop.values import Record, gid, moment

MOST_AT_ONCE = 5
URL_LIFE = timedelta(days=7)
FIRST_NUMBER = 7_900_000_000_000
BLOCK = 200
_RUNNING = ("CREATED", "RUNNING", "CANCELING")


@dataclass
class Operation:
    """A bulk operation and where its rows are. `record` is what the API shows of it."""

    number: int
    query: BulkQuery
    group_objects: bool
    request: Request
    record: Record
    path: Path
    is_cancelled: bool = False


class BulkDesk:
    """Takes bulk operations, at most five at a time.

    `lock` is held for each block of rows, so that readers are answered in between.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        new_request: Callable[[], Request],
        lock: AbstractContextManager[Any],
        faults: Faults,
    ) -> None:
        self.base_url = ""
        self._schema = schema
        self._new_request = new_request
        self._lock = lock
        self._faults = faults
        self._operations: dict[int, Operation] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="demo-shop-")
        self._threads: list[threading.Thread] = []

    def close(self) -> None:
        """Stop what runs and delete every file."""
        for one in self._operations.values():
            one.is_cancelled = True
        for thread in self._threads:
            thread.join()
        self._folder.cleanup()

    def run(self, query: str, group_objects: bool) -> Record:
        """Take an operation, or say why not."""
        try:
            parsed = read_bulk_query(self._schema, query)
        except InvalidBulkQueryError as error:
            return _refused(["query"], str(error), "INVALID")
        held = [
            one.record["id"]
            for one in self._operations.values()
            if one.record["status"] in _RUNNING
        ]
        if self._faults.strikes("bulk_in_progress", 1, 2):
            held = [gid("BulkOperation", FIRST_NUMBER - place) for place in range(MOST_AT_ONCE)]
        if len(held) >= MOST_AT_ONCE:
            return _refused(
                None,
                "A bulk query operation for this app and shop is already in progress: "
                f"{', '.join(held)}.",
                "OPERATION_IN_PROGRESS",
            )
        number = FIRST_NUMBER + len(self._operations) + 1
        operation = Operation(
            number,
            parsed,
            group_objects,
            self._new_request(),
            _new_record(number, query),
            Path(self._folder.name) / f"{number}.jsonl",
        )
        self._operations[number] = operation
        answer = {"bulkOperation": dict(operation.record), "userErrors": []}
        thread = threading.Thread(target=self._work, args=(operation,), daemon=True)
        self._threads.append(thread)
        thread.start()
        return answer

    def cancel(self, number: int) -> Record:
        """Cancel an operation that still runs."""
        operation = self._operations.get(number)
        if operation is None:
            return _refused(["id"], "Bulk operation does not exist", None, "UserError")
        if operation.record["status"] not in _RUNNING:
            status = operation.record["status"].lower()
            message = f"A bulk operation cannot be canceled when it is {status}"
            return _refused(["id"], message, None, "UserError")
        operation.is_cancelled = True
        operation.record["status"] = "CANCELING"
        return {"bulkOperation": dict(operation.record), "userErrors": []}

    def find(self, number: int) -> Record | None:
        """Return what the API shows of an operation, its URL signed anew."""
        operation = self._operations.get(number)
        return None if operation is None else self._shown(operation)

    def index(self, sort_key: str) -> list[tuple[Any, int, Record]]:
        """Return all operations, sorted."""
        name = {"COMPLETED_AT": "completedAt", "STATUS": "status"}.get(sort_key, "createdAt")
        return sorted(
            (
                (one.record[name] or "", one.number, self._shown(one))
                for one in self._operations.values()
            ),
            key=lambda item: item[:2],
        )

    def download(self, number: int, signature: str) -> bytes | None:
        """Return the rows of an operation, or None when the URL is not, or no longer, good."""
        operation = self._operations.get(number)
        if operation is None or signature != _signature(operation):
            return None
        if self._faults.strikes("bulk_expired_url", 1):
            return None
        rows = operation.path.read_bytes()
        if operation.record["status"] == "FAILED":
            return _first_lines(rows, 1, 2)
        is_first = number == FIRST_NUMBER + 1
        if is_first and self._faults.has("bulk_short_file"):
            return _first_lines(rows, 9, 10)
        return rows

    def _shown(self, operation: Operation) -> Record:
        record = dict(operation.record)
        if record["fileSize"] not in (None, "0"):
            expires = _now() + URL_LIFE
            url = (
                f"{self.base_url}/bulk/{operation.number}.jsonl"
                f"?Expires={int(expires.timestamp())}&Signature={_signature(operation)}"
            )
            record["url" if record["status"] == "COMPLETED" else "partialDataUrl"] = url
        return record

    def _work(self, operation: Operation) -> None:
        record = operation.record
        try:
            with self._lock:
                if record["status"] == "CREATED":
                    record["status"] = "RUNNING"
                plans = self._plans(operation)
                nodes = nodes_of_root(
                    operation.request, operation.query.root, operation.query.arguments
                )
            with operation.path.open("wb") as file:
                self._write(operation, plans, nodes, file)
            with self._lock:
                self._finish(operation)
        except GraphQLError as error:
            _end(record, "FAILED", (error.extensions or {}).get("code"))
        except BaseException:
            # Nobody must wait for an operation that died.
            _end(record, "FAILED", "INTERNAL_SERVER_ERROR")
            raise

    def _plans(self, operation: Operation) -> NodePlans:
        query = operation.query
        missing = missing_types(operation.request.scopes)
        # Only for what may be read: sizes are not checked, bulk ignores them.
        CostAnalysis(
            self._schema, query.document, query.operation, {}, missing, checks_sizes=False
        ).cost()
        execution = BulkExecution.build(
            self._schema, query.document, context_value=operation.request
        )
        assert isinstance(execution, BulkExecution)
        return execution.root_plans(query)

    def _write(
        self,
        operation: Operation,
        plans: NodePlans,
        nodes: Iterator[Record],
        file: BinaryIO,
    ) -> None:
        rows = roots = 0
        while not operation.is_cancelled:
            with self._lock:
                found = [list(rows_of(plans, node, None)) for node in islice(nodes, BLOCK)]
            if not found:
                break
            roots += len(found)
            lines = [row for of_root in found for row in of_root]
            if not operation.group_objects:
                # No order is promised: grandchildren first, then roots, then children.
                lines.sort(key=lambda row: (row[0] + 1) % 3)
            rows += len(lines)
            file.writelines(_line(row) for _, row in lines)
            operation.record["objectCount"] = str(rows)
            operation.record["rootObjectCount"] = str(roots)

    def _finish(self, operation: Operation) -> None:
        record = operation.record
        record["fileSize"] = str(operation.path.stat().st_size)
        if operation.is_cancelled:
            _end(record, "CANCELED", None)
        elif self._faults.strikes("bulk_failed", 1):
            record["fileSize"] = None
            _end(record, "FAILED", "INTERNAL_SERVER_ERROR")
        elif self._faults.strikes("bulk_partial", 1):
            _end(record, "FAILED", "TIMEOUT")
        else:
            _end(record, "COMPLETED", None)


def _end(record: Record, status: str, error_code: str | None) -> None:
    record |= {"status": status, "errorCode": error_code, "completedAt": moment(_now())}


def _new_record(number: int, query: str) -> Record:
    return {
        "__typename": "BulkOperation",
        "id": gid("BulkOperation", number),
        "status": "CREATED",
        "type": "QUERY",
        "errorCode": None,
        "createdAt": moment(_now()),
        "completedAt": None,
        "objectCount": "0",
        "rootObjectCount": "0",
        "fileSize": None,
        "url": None,
        "partialDataUrl": None,
        "query": query,
    }


def _refused(
    field: list[str] | None,
    message: str,
    code: str | None,
    kind: str = "BulkOperationUserError",
) -> Record:
    error = {"__typename": kind, "field": field, "message": message, "code": code}
    return {"bulkOperation": None, "userErrors": [error]}


def _now() -> datetime:
    """Return the shop's now: nothing in it is later."""
    return AS_OF


def _line(row: Record) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _signature(operation: Operation) -> str:
    return hashlib.sha256(operation.record["id"].encode()).hexdigest()[:32]


def _first_lines(rows: bytes, part: int, of: int) -> bytes:
    lines = rows.splitlines(keepends=True)
    return b"".join(lines[: len(lines) * part // of])
