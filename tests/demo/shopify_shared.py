"""What the tests of the demo shop share: a small client, and Shopify's own recorded responses."""

import gzip
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
from graphql import GraphQLSchema, build_client_schema

from demo.shopify import DemoShop

PROJECT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SHARED_DATA_DIR", PROJECT.parent / "shared" / "data")) / "shopify"
VERSION = "2026-10"
LINES, SEED = 4_000, 7

ALL_MONEY = "fragment M on MoneyBag { shopMoney { amount currencyCode } " + (
    "presentmentMoney { amount currencyCode } }"
)


def shared_file(name: str) -> Path:
    """Return a file of the shared folder, or skip the test that needs it."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set SHARED_DATA_DIR to the folder that holds shopify/")
    return path


@cache
def published_schema() -> GraphQLSchema:
    packed = shared_file("admin_schema_2026-10.json.gz").read_bytes()
    schema = json.loads(gzip.decompress(packed))["data"]
    return build_client_schema(schema, assume_valid=True)


@dataclass(frozen=True)
class Recorded:
    """A query that was sent to a live store, and what it answered."""

    file: str
    query: str
    variables: dict[str, Any]
    answer: dict[str, Any]

    @property
    def cost(self) -> dict[str, Any]:
        cost: dict[str, Any] = self.answer["extensions"]["cost"]
        return cost


def recorded() -> list[Recorded]:
    folder = shared_file("graphql_captures")
    found: dict[str, Recorded] = {}
    for path in sorted(folder.glob("*.json")):
        for one in _pairs(json.loads(path.read_text(encoding="utf-8")), path.name):
            found.setdefault(json.dumps([one.query, one.answer.get("data")]), one)
    return list(found.values())


def _pairs(value: Any, file: str) -> Iterator[Recorded]:
    if isinstance(value, list):
        for one in value:
            yield from _pairs(one, file)
    elif isinstance(value, dict):
        query, response = value.get("query") or value.get("document"), value.get("response")
        if isinstance(query, str) and "{" in query and isinstance(response, dict):
            answer = response.get("payload") or response.get("body") or response
            if "extensions" in answer:
                yield Recorded(file, query, value.get("variables") or {}, answer)
        for one in value.values():
            yield from _pairs(one, file)


class Asking:
    """A client that does as little as it can, so that tests see what the server said."""

    def __init__(self, shop: DemoShop, token: str | None = None) -> None:
        self.shop = shop
        self.session = requests.Session()
        self.session.headers["X-Shopify-Access-Token"] = token or shop.access_token

    def post(self, query: str, /, **variables: Any) -> requests.Response:
        return self.session.post(
            f"{self.shop.url}/admin/api/{VERSION}/graphql.json",
            json={"query": query, "variables": variables},
            timeout=30,
        )

    def raw(self, query: str, /, **variables: Any) -> dict[str, Any]:
        answer = self.post(query, **variables)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def data(self, query: str, /, **variables: Any) -> dict[str, Any]:
        body = self.raw(query, **variables)
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    def get(self, path: str, **parameters: Any) -> requests.Response:
        url = path if path.startswith("http") else f"{self.shop.url}/admin/api/{VERSION}/{path}"
        return self.session.get(url, params=parameters or None, timeout=30)

    def every_order(self, fields: str, size: int = 250, search: str = "") -> list[dict[str, Any]]:
        """Page through all orders by the time of their update."""
        query = (
            "query Page($size: Int!, $after: String, $search: String) { orders(first: $size, "
            "after: $after, query: $search, sortKey: UPDATED_AT) { pageInfo { hasNextPage "
            f"endCursor }} nodes {{ {fields} }} }} }} " + ALL_MONEY * ("...M" in fields)
        )
        found: list[dict[str, Any]] = []
        after = None
        while True:
            page = self.data(query, size=size, after=after, search=search)["orders"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def bulk(self, query: str) -> dict[str, Any]:
        """Run a bulk operation to its end and return it."""
        started = self.data(
            "mutation Run($query: String!) { bulkOperationRunQuery(query: $query) { "
            "bulkOperation { id } userErrors { field message code } } }",
            query=query,
        )["bulkOperationRunQuery"]
        assert started["userErrors"] == []
        number = started["bulkOperation"]["id"]
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            operation: dict[str, Any] = self.data(
                "query Poll($id: ID!) { bulkOperation(id: $id) { id status type errorCode "
                "objectCount rootObjectCount fileSize url partialDataUrl query } }",
                id=number,
            )["bulkOperation"]
            if operation["status"] not in ("CREATED", "RUNNING"):
                return operation
            time.sleep(0.05)
        raise AssertionError("the bulk operation does not end")
