"""Executes queries with graphql-core, and answers plain data faster than field by field.

graphql-core parses, validates, coerces and executes the root fields. What they return is data that
is already in its output form, so an object is not completed one field at a time: its selection is
turned into a plan once, and the plan picks from every object. A test holds plans to give what
graphql-core gives without them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import (
    ExecutionContext,
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from demo.shopify.api.paging import Page, page_of_list
from demo.shopify.api.search import parse_search
from demo.shopify.shop.values import Record

Plan = Callable[[Any], Any]
Step = tuple[str, str, Plan | None]

_RETURN_FIELDS: dict[str, Callable[[Record], Any]] = {
    "id": lambda one: one["id"].rpartition("/")[2],
    "status": lambda one: one["status"],
}


class DataExecution(ExecutionContext):
    """An execution whose plain objects are answered by plans.

    The context value must have `nested_page_cap`, a number of nodes or None.
    """

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_nodes: list[FieldNode],
        info: GraphQLResolveInfo,
        path: Path,
        result: Any,
    ) -> Any:
        """Answer data by its plan, anything else as graphql-core does."""
        if isinstance(result, dict | Page):
            return self.plan(return_type, field_nodes)(result)
        return super().complete_object_value(return_type, field_nodes, info, path, result)

    def plan(self, kind: GraphQLObjectType, field_nodes: list[FieldNode]) -> Plan:
        """Return the plan of a selection on an object type; asked for once a place in the query."""
        plans: dict[tuple[str, tuple[int, ...]], Plan] = self.__dict__.setdefault("_plans", {})
        key = (kind.name, tuple(map(id, field_nodes)))
        if key not in plans:
            plans[key] = self._build(kind, field_nodes)
        return plans[key]

    def _build(self, kind: GraphQLObjectType, field_nodes: list[FieldNode]) -> Plan:
        fields = self.collect_subfields(kind, field_nodes)
        if kind.name.endswith("Connection"):
            return self._connection(kind, fields)
        steps = [self.step(kind, key, nodes) for key, nodes in fields.items()]
        if _takes_all_of_money(kind, steps):
            return _same
        return self.picker(steps)

    @staticmethod
    def picker(steps: list[Step]) -> Plan:
        """Return the plan that picks these fields of an object."""

        def pick(obj: Record) -> Record:
            return {key: obj[name] if step is None else step(obj) for key, name, step in steps}

        return pick

    def step(self, kind: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Step:
        """Return how to answer one field of an object type."""
        name = nodes[0].name.value
        if name == "__typename":
            return key, name, lambda _: kind.name
        field = kind.fields[name]
        named = get_named_type(field.type)
        if is_leaf_type(named):
            return key, name, None
        arguments = get_argument_values(field, nodes[0], self.variable_values)
        if named.name.endswith("Connection"):
            return key, name, self._children(name, field, nodes, arguments)
        inner = self._any_plan(named, nodes)
        if is_list_type(get_nullable_type(field.type)):
            first = arguments.get("first")
            return key, name, lambda obj: [inner(one) for one in obj[name][:first]]
        if inner is _same:
            return key, name, None

        def one(obj: Record) -> Any:
            value = obj[name]
            return None if value is None else inner(value)

        return key, name, one

    def _any_plan(self, named: Any, nodes: list[FieldNode]) -> Plan:
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            types = self.schema.type_map

            def of_its_type(value: Record) -> Any:
                kind = types[value["__typename"]]
                assert isinstance(kind, GraphQLObjectType)
                return self.plan(kind, nodes)(value)

            return of_its_type
        return self.plan(named, nodes)

    def _children(
        self, name: str, field: GraphQLField, nodes: list[FieldNode], arguments: dict[str, Any]
    ) -> Plan:
        kind = get_named_type(field.type)
        assert isinstance(kind, GraphQLObjectType)
        inner = self.plan(kind, nodes)
        most = self.context_value.nested_page_cap
        wanted = None
        if arguments.get("query"):
            wanted = parse_search(arguments["query"], _RETURN_FIELDS).matches

        def children(obj: Record) -> Any:
            held = obj[name]
            records: Sequence[Record] = held() if callable(held) else held
            if wanted is not None:
                records = [one for one in records if wanted(one)]
            return inner(page_of_list(records, arguments, most))

        return children

    def _connection(self, kind: GraphQLObjectType, fields: dict[str, list[FieldNode]]) -> Plan:
        parts: list[tuple[str, Plan]] = []
        for key, nodes in fields.items():
            name = nodes[0].name.value
            if name == "__typename":
                parts.append((key, lambda _: kind.name))
            elif name == "pageInfo":
                parts.append((key, self._page_info(nodes)))
            elif name == "nodes":
                inner = self._any_plan(get_named_type(kind.fields["nodes"].type), nodes)
                parts.append((key, _all_nodes(inner)))
            else:
                parts.append((key, self._edges(kind, nodes)))
        return lambda page: {key: part(page) for key, part in parts}

    def _page_info(self, nodes: list[FieldNode]) -> Plan:
        page_info = self.schema.type_map["PageInfo"]
        assert isinstance(page_info, GraphQLObjectType)
        fields = self.collect_subfields(page_info, nodes)
        names = [(key, found[0].name.value) for key, found in fields.items()]
        return lambda page: {key: _PAGE_INFO[name](page) for key, name in names}

    def _edges(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Plan:
        edge = get_named_type(kind.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        parts: list[tuple[str, Callable[[Page, int], Any]]] = []
        for key, found in self.collect_subfields(edge, nodes).items():
            name = found[0].name.value
            if name == "cursor":
                parts.append((key, lambda page, place: page.cursor(place)))
            elif name == "__typename":
                parts.append((key, lambda _page, _place: edge.name))
            else:
                inner = self._any_plan(get_named_type(edge.fields["node"].type), found)
                parts.append((key, _one_node(inner)))
        return lambda page: [
            {key: part(page, place) for key, part in parts} for place in range(len(page.nodes))
        ]


def _all_nodes(inner: Plan) -> Plan:
    return lambda page: [inner(node) for node in page.nodes]


def _one_node(inner: Plan) -> Callable[[Page, int], Any]:
    return lambda page, place: inner(page.nodes[place])


_PAGE_INFO: dict[str, Callable[[Page], Any]] = {
    "hasNextPage": lambda page: page.has_next,
    "hasPreviousPage": lambda page: page.has_previous,
    "startCursor": lambda page: page.cursor(0) if page.nodes else None,
    "endCursor": lambda page: page.cursor(len(page.nodes) - 1) if page.nodes else None,
    "__typename": lambda _: "PageInfo",
}


def _same(value: Any) -> Any:
    return value


def _takes_all_of_money(kind: GraphQLObjectType, steps: list[Step]) -> bool:
    """Say whether the selection is the whole of a money object under its own names."""
    wanted = _MONEY.get(kind.name)
    return wanted is not None and [step[:2] for step in steps if step[2] is None] == wanted


_MONEY = {
    "MoneyV2": [("amount", "amount"), ("currencyCode", "currencyCode")],
    "MoneyBag": [("shopMoney", "shopMoney"), ("presentmentMoney", "presentmentMoney")],
}
