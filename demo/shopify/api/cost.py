"""What a query costs before it runs and after, and the bucket that pays for it.

Shopify publishes no formula. This one was recovered from recorded responses: a connection costs
2 + max(1, floor(2 ln n)) x its node, an object 1 + its fields, a count 10, a mutation 10. Requested
costs agree with the recordings to the point; actual costs, computed from the rows that came back,
agree for half of them and are never above the requested.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from graphql.execution.values import get_argument_values

from demo.shopify.api.errors import access_denied
from demo.shopify.api.paging import check_size

Spend = Callable[[Any], int]
"""Actual cost of a part of a response."""

FREE = ("MoneyBag", "MoneyV2", "PageInfo")
COUNT_COST = 10
MUTATION_COST = 10


def page_factor(size: int) -> int:
    """Return by how much the nodes of a connection count: the logarithm of their number."""
    return max(1, math.floor(2 * math.log(size))) if size > 0 else 0


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one operation with its variables."""

    requested: int
    actual: Spend


@dataclass(frozen=True, slots=True)
class _Part:
    requested: int
    actual: Spend


def _nothing(_: Any) -> int:
    return 0


_FREE_PART = _Part(0, _nothing)


class CostAnalysis:
    """Walks an operation once: sums its cost, and refuses pages and fields that are not to be had.

    `scopes` maps a type to the access scope it needs, in Shopify's words; `granted` are those that
    the token has. Errors: GraphQLError BAD_REQUEST for a page above 250 or without a size,
    ACCESS_DENIED for a field of a type whose scope is missing.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        missing: Mapping[str, str],
        *,
        checks_sizes: bool = True,
    ) -> None:
        self._schema = schema
        self._variables = dict(variables)
        self._missing = missing
        self._checks_sizes = checks_sizes
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._operation = operation

    def cost(self) -> Cost:
        """Return the cost of the operation."""
        if self._operation.operation is OperationType.MUTATION:
            return self._mutation_cost()
        assert self._schema.query_type is not None
        part = self._selection(self._schema.query_type, self._operation.selection_set)
        return Cost(part.requested, part.actual)

    def _mutation_cost(self) -> Cost:
        assert self._schema.mutation_type is not None
        requested = 0
        for kind, node in self._fields(self._schema.mutation_type, self._operation.selection_set):
            # What a mutation answers with is paid by its flat price, connections below it are not.
            payload = get_named_type(kind.fields[node.name.value].type)
            requested += MUTATION_COST
            assert isinstance(payload, GraphQLObjectType) and node.selection_set is not None
            for parent, field in self._fields(payload, node.selection_set):
                inner = get_named_type(parent.fields[field.name.value].type)
                if isinstance(inner, GraphQLObjectType | GraphQLInterfaceType):
                    assert field.selection_set is not None
                    requested += self._selection(inner, field.selection_set).requested
        return Cost(requested, lambda _: requested)

    def _fields(
        self, kind: Any, selection: SelectionSetNode
    ) -> Iterator[tuple[GraphQLObjectType | GraphQLInterfaceType, FieldNode]]:
        for one in selection.selections:
            if isinstance(one, FieldNode):
                if not one.name.value.startswith("__"):
                    yield kind, one
                continue
            fragment: FragmentDefinitionNode | InlineFragmentNode
            if isinstance(one, FragmentSpreadNode):
                fragment = self._fragments[one.name.value]
            else:
                assert isinstance(one, InlineFragmentNode)
                fragment = one
            condition: NamedTypeNode | None = fragment.type_condition
            inner = self._schema.type_map[condition.name.value] if condition else kind
            yield from self._fields(inner, fragment.selection_set)

    def _selection(self, kind: Any, selection: SelectionSetNode) -> _Part:
        """Sum the fields of a selection; of an abstract type, those of its dearest type."""
        shared: list[tuple[str, _Part]] = []
        by_type: dict[str, list[tuple[str, _Part]]] = {}
        for parent, node in self._fields(kind, selection):
            if parent is not kind:
                self._check_scope(parent.name, parent.name)
            part = self._field(parent, node)
            if part is _FREE_PART:
                continue
            key = node.alias.value if node.alias else node.name.value
            is_own = parent is kind or not isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)
            (shared if is_own else by_type.setdefault(parent.name, [])).append((key, part))
        dearest = max(
            by_type.values(), key=lambda parts: sum(one.requested for _, one in parts), default=[]
        )
        parts = [*shared, *dearest]
        if not parts:
            return _FREE_PART
        requested = sum(part.requested for _, part in parts)

        def actual(data: Any) -> int:
            return sum(part.actual(data.get(key)) for key, part in parts)

        return _Part(requested, actual)

    def _field(self, parent: GraphQLObjectType | GraphQLInterfaceType, node: FieldNode) -> _Part:
        name = node.name.value
        field = parent.fields[name]
        kind = get_named_type(field.type)
        if kind.name.endswith("Connection"):
            arguments = get_argument_values(field, node, self._variables)
            self._check_scope(kind.name.removesuffix("Connection"), name)
            if self._checks_sizes:
                check_size(arguments)
            return self._connection(kind, node, arguments)
        if is_leaf_type(kind) or kind.name in FREE or node.selection_set is None:
            return _FREE_PART
        self._check_scope(kind.name, name)
        if kind.name == "Count":
            return _Part(COUNT_COST, lambda _: COUNT_COST)
        if name == "defaultAddress":
            return _FREE_PART
        inner = self._selection(kind, node.selection_set)
        if is_list_type(get_nullable_type(field.type)):
            return _Part(
                1 + inner.requested,
                lambda rows: (
                    1 + max(inner.actual(row) for row in rows if row is not None)
                    if rows and any(row is not None for row in rows)
                    else 0
                ),
            )
        return _Part(
            1 + inner.requested, lambda data: 0 if data is None else 1 + inner.actual(data)
        )

    def _connection(self, kind: Any, node: FieldNode, arguments: Mapping[str, Any]) -> _Part:
        size = arguments.get("first")
        if size is None:
            size = arguments.get("last") or 0
        assert node.selection_set is not None
        found = self._node_selection(kind, node.selection_set)
        if found is None:
            inner = _FREE_PART
            rows_of: Callable[[Any], list[Any]] = _no_rows
        else:
            path, selection = found
            inner = self._selection(get_named_type(kind.fields["nodes"].type), selection)
            rows_of = _rows_at(path)
        requested = 2 + page_factor(size) * (1 + inner.requested)

        def actual(data: Any) -> int:
            rows = rows_of(data) if data is not None else []
            if not rows:
                return 2
            each = 1 if inner is _FREE_PART else sum(1 + inner.actual(row) for row in rows)
            mean = 1 if inner is _FREE_PART else each / len(rows)
            return 2 + math.floor(page_factor(len(rows)) * mean)

        return _Part(requested, actual)

    def _node_selection(
        self, kind: Any, selection: SelectionSetNode
    ) -> tuple[tuple[str, ...], SelectionSetNode] | None:
        for _, node in self._fields(kind, selection):
            key = node.alias.value if node.alias else node.name.value
            if node.selection_set is None:
                continue
            if node.name.value == "nodes":
                return (key,), node.selection_set
            if node.name.value == "edges":
                edge = get_named_type(kind.fields["edges"].type)
                for _, inner in self._fields(edge, node.selection_set):
                    if inner.name.value == "node" and inner.selection_set is not None:
                        inner_key = inner.alias.value if inner.alias else "node"
                        return (key, inner_key), inner.selection_set
        return None

    def _check_scope(self, kind: str, field: str) -> None:
        if kind in self._missing:
            raise access_denied(field, self._missing[kind])


def _no_rows(_: Any) -> list[Any]:
    return []


def _rows_at(path: tuple[str, ...]) -> Callable[[Any], list[Any]]:
    if len(path) == 1:
        return lambda data: data[path[0]]
    return lambda data: [edge[path[1]] for edge in data[path[0]]]


class Bucket:
    """Points that queries are paid from: so many at most, restored at a rate a second."""

    def __init__(self, restore_rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.restore_rate = restore_rate
        self.maximum = restore_rate * 20
        self._clock = clock
        self._held = self.maximum
        self._seen_at = clock()

    @property
    def available(self) -> float:
        """Return the points held now."""
        now = self._clock()
        self._held = min(self.maximum, self._held + (now - self._seen_at) * self.restore_rate)
        self._seen_at = now
        return self._held

    def take(self, requested: int, actual: int) -> None:
        """Pay for a query that ran; what it did not need is given back at once."""
        self._held = self.available - min(requested, actual)

    def empty(self) -> None:
        """Take everything, as another user of the same app would."""
        self._held = min(self.available, 0.0)

    def status(self) -> dict[str, Any]:
        """Return `throttleStatus` as the API shows it."""
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": int(self.available),
            "restoreRate": self.restore_rate,
        }
