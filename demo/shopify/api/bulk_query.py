"""Bulk queries: what Shopify refuses before it runs one, and the rows that one gives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
    validate,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import get_argument_values

from demo.shopify.api.projection import DataExecution, Plan
from demo.shopify.shop.values import Record

MOST_CONNECTIONS = 5
DEEPEST = 2


class InvalidBulkQueryError(Exception):
    """A bulk query that Shopify would refuse, in its words."""


@dataclass(frozen=True)
class BulkQuery:
    """A query that may run in bulk: its connection at the root, and the arguments of that."""

    document: DocumentNode
    operation: OperationDefinitionNode
    root: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class NodePlan:
    """How to write a node of one type: its own fields, and the plans of its child connections."""

    pick: Plan
    children: list[tuple[str, "NodePlans"]] = field(default_factory=list)


NodePlans = dict[str, NodePlan]
"""By the name of the object type; a connection of an interface has several."""


def read_bulk_query(schema: GraphQLSchema, text: str) -> BulkQuery:
    """Return the query. Errors: InvalidBulkQueryError with Shopify's message."""
    try:
        document = parse(text)
    except GraphQLError as error:
        raise InvalidBulkQueryError(f"Invalid bulk query: {error.message}") from error
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if not operations or operations[0].operation is not OperationType.QUERY:
        raise InvalidBulkQueryError(
            "Invalid operation type. Only `query` operations are supported."
        )
    # Sizes are ignored in bulk, so that none need be given.
    errors = validate(schema, document)
    if errors:
        raise InvalidBulkQueryError(f"Invalid bulk query: {errors[0].message}")
    assert schema.query_type is not None
    checker = _Checker(document)
    checker.check(schema.query_type, operations[0].selection_set, 0, in_list=False)
    if not checker.connections:
        raise InvalidBulkQueryError("Bulk queries must contain at least one connection.")
    if checker.connections > MOST_CONNECTIONS:
        raise InvalidBulkQueryError(
            f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
        )
    roots = [one for _, one in checker.fields(schema.query_type, operations[0].selection_set)]
    if len(roots) != 1:
        raise InvalidBulkQueryError("Bulk queries must have exactly one top-level field.")
    name = roots[0].name.value
    arguments = get_argument_values(schema.query_type.fields[name], roots[0], {})
    return BulkQuery(document, operations[0], name, arguments)


class _Checker:
    def __init__(self, document: DocumentNode) -> None:
        self.connections = 0
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }

    def fields(self, kind: Any, selection: SelectionSetNode) -> Iterator[tuple[Any, FieldNode]]:
        for one in selection.selections:
            if isinstance(one, FieldNode):
                if not one.name.value.startswith("__"):
                    yield kind, one
                continue
            name = one.name.value if isinstance(one, FragmentSpreadNode) else None
            inner = self._fragments[name].selection_set if name else one.selection_set  # type: ignore[attr-defined]
            yield from self.fields(kind, inner)

    def check(self, kind: Any, selection: SelectionSetNode, depth: int, *, in_list: bool) -> None:
        for _, node in self.fields(kind, selection):
            name = node.name.value
            field = getattr(kind, "fields", {}).get(name)
            if field is None or node.selection_set is None:
                continue
            if depth == 0 and name in ("node", "nodes"):
                raise InvalidBulkQueryError(
                    "Bulk queries cannot contain a top-level `node` or `nodes` field."
                )
            inner = get_named_type(field.type)
            if not inner.name.endswith("Connection"):
                is_list = is_list_type(get_nullable_type(field.type))
                self.check(inner, node.selection_set, depth, in_list=in_list or is_list)
                continue
            if in_list:
                raise InvalidBulkQueryError(
                    "Queries that contain a connection field within a list field are not "
                    "currently supported."
                )
            self._check_connection(inner, node, depth)

    def _check_connection(self, kind: Any, node: FieldNode, depth: int) -> None:
        self.connections += 1
        if depth > DEEPEST:
            raise InvalidBulkQueryError(
                f"Bulk queries cannot contain connections with a nesting depth greater than "
                f"{DEEPEST}."
            )
        assert node.selection_set is not None
        parts = {one.name.value: one for _, one in self.fields(kind, node.selection_set)}
        edges = parts.get("edges")
        inner = None
        if edges is not None and edges.selection_set is not None:
            held = {one.name.value: one for _, one in self.fields(kind, edges.selection_set)}
            inner = held.get("node")
        if inner is None or inner.selection_set is None or "nodes" in parts:
            raise InvalidBulkQueryError(
                "All connection fields in a bulk query must select their contents using 'edges' > "
                "'node'. Selecting via 'nodes' is not supported."
            )
        node_type = get_named_type(kind.fields["nodes"].type)
        before = self.connections
        self.check(node_type, inner.selection_set, depth + 1, in_list=False)
        names = [
            (one.alias or one.name).value
            for _, one in self.fields(node_type, inner.selection_set)
            if one.name.value == "id"
        ]
        if self.connections > before and "id" not in names:
            raise InvalidBulkQueryError(
                "The parent 'node' field for a nested connection must select the 'id' field "
                "without an alias."
            )


class BulkExecution(DataExecution):
    """Turns the selection of a bulk query into plans for its nodes, connections apart."""

    def root_plans(self, query: BulkQuery) -> NodePlans:
        """Return the plans of the nodes of the connection at the root."""
        assert self.schema.query_type is not None
        fields = collect_fields(
            self.schema,
            self.fragments,
            self.variable_values,
            self.schema.query_type,
            query.operation.selection_set,
        )
        return self._connection_plans(self.schema.query_type, next(iter(fields.values())))

    def _connection_plans(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> NodePlans:
        connection = get_named_type(parent.fields[nodes[0].name.value].type)
        assert isinstance(connection, GraphQLObjectType)
        edge = get_named_type(connection.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        edges = self._named(connection, nodes, "edges")
        inner = self._named(edge, edges, "node")
        kind = get_named_type(edge.fields["node"].type)
        if isinstance(kind, GraphQLObjectType):
            return {kind.name: self._node_plan(kind, inner)}
        return {
            one.name: self._node_plan(one, inner) for one in self.schema.get_possible_types(kind)
        }

    def _named(self, kind: GraphQLObjectType, nodes: list[FieldNode], name: str) -> list[FieldNode]:
        fields = self.collect_subfields(kind, nodes)
        return next(found for found in fields.values() if found[0].name.value == name)

    def _node_plan(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> NodePlan:
        steps = []
        children: list[tuple[str, NodePlans]] = []
        for key, found in self.collect_subfields(kind, nodes).items():
            name = found[0].name.value
            is_typename = name == "__typename"
            inner = None if is_typename else get_named_type(kind.fields[name].type)
            if inner is not None and inner.name.endswith("Connection"):
                children.append((name, self._connection_plans(kind, found)))
            else:
                steps.append(self.step(kind, key, found))
        return NodePlan(self.picker(steps), children)


def rows_of(plans: NodePlans, node: Record, parent: str | None) -> Iterator[tuple[int, Record]]:
    """Yield a node and all below it, each with its depth below the root."""
    yield from _rows(plans, node, parent, 0)


def _rows(
    plans: NodePlans, node: Record, parent: str | None, depth: int
) -> Iterator[tuple[int, Record]]:
    plan = plans[node["__typename"]]
    row = plan.pick(node)
    if parent is not None:
        row["__parentId"] = parent
    yield depth, row
    for name, inner in plan.children:
        held = node[name]
        for child in held() if callable(held) else held:
            yield from _rows(inner, child, node["id"], depth + 1)
