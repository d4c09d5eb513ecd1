"""Recorded answers and the published schema, which lie outside the repository."""

import functools
import gzip
import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SHARED_DATA_DIR = Path(os.environ.get("SHARED_DATA_DIR", PROJECT.parent / "shared" / "data"))
SHOPIFY_DIR = SHARED_DATA_DIR / "shopify"

needs_recordings = pytest.mark.skipif(
    not SHOPIFY_DIR.is_dir(), reason=f"{SHOPIFY_DIR} is not there; set SHARED_DATA_DIR"
)


@functools.cache
def published_schema() -> Any:
    graphql = pytest.importorskip("graphql", reason="graphql-core is not installed")
    packed = (SHOPIFY_DIR / "admin_schema_2026-10.json.gz").read_bytes()
    return graphql.build_client_schema(json.loads(gzip.decompress(packed))["data"])


def capture(name: str) -> dict[str, Any]:
    return json.loads((SHOPIFY_DIR / "graphql_captures" / f"{name}.json").read_bytes())


def rest_example(name: str) -> dict[str, Any]:
    found = json.loads((SHOPIFY_DIR / "rest_examples" / f"{name}.json").read_bytes())
    return found["body"]


def fitted_cost(document: str, variables: Mapping[str, int]) -> int:
    """Return what a query costs by the formula that recorded answers fit.

    A connection is 2 + max(1, floor(2 ln n)) times its node; an object or a plain list of objects
    is 1 and its children; scalars, money and pageInfo are nothing; counts are 10.
    """
    from graphql import parse

    schema = published_schema()
    operation = parse(document).definitions[0]
    root = schema.query_type if operation.operation.value == "query" else schema.mutation_type
    base = 0 if operation.operation.value == "query" else 10
    return base + _children_cost(operation.selection_set, root, variables)


def _children_cost(selection_set: Any, owner: Any, variables: Mapping[str, int]) -> int:
    return sum(_field_cost(field, kind, variables) for field, kind in _fields(selection_set, owner))


def _fields(selection_set: Any, owner: Any) -> Iterator[tuple[Any, Any]]:
    from graphql import FieldNode, InlineFragmentNode, type_from_ast

    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node, owner
        else:
            assert isinstance(node, InlineFragmentNode)
            narrowed = type_from_ast(published_schema(), node.type_condition)
            yield from _fields(node.selection_set, narrowed)


def _field_cost(node: Any, owner: Any, variables: Mapping[str, int]) -> int:
    from graphql import get_named_type

    if node.selection_set is None:
        return 0
    kind = get_named_type(owner.fields[node.name.value].type)
    if kind.name in ("PageInfo", "MoneyBag", "MoneyV2"):
        return 0
    if kind.name == "Count":
        return 10
    if kind.name.endswith("Connection"):
        first = next((each.value for each in node.arguments if each.name.value == "first"), None)
        size = variables[first.name.value] if hasattr(first, "name") else int(first.value)
        inner = next(
            each for each in node.selection_set.selections if each.name.value in ("nodes", "edges")
        )
        nodes = get_named_type(kind.fields["nodes"].type)
        node_cost = 1 + _children_cost(inner.selection_set, nodes, variables)
        return 2 + max(1, math.floor(2 * math.log(size))) * node_cost
    return 1 + _children_cost(node.selection_set, kind, variables)
