"""The root fields of the API over the store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from graphql import GraphQLResolveInfo, GraphQLSchema

from demo.company import AS_OF
from demo.shopify.api.errors import bad_request
from demo.shopify.api.paging import Page, page_of_index
from demo.shopify.api.schema import ALL_ORDERS
from demo.shopify.api.search import Getter, parse_search
from demo.shopify.shop.reasons import DEFINITIONS
from demo.shopify.shop.returns import return_status
from demo.shopify.shop.store import FOUND_BY_ID, SHOP, Entry, Store
from demo.shopify.shop.values import Record, gid, moment, own_number

WINDOW_DAYS = 60
"""Without read_all_orders only orders so young are shown, and nothing says so."""

VERSIONS = ("2026-01", "2026-04", "2026-07", "2026-10")
CANDIDATE = "2027-01"


class BulkOperations(Protocol):
    """What the root fields need of the bulk operations of a server."""

    def run(self, query: str, group_objects: bool) -> Record: ...
    def cancel(self, number: int) -> Record: ...
    def find(self, number: int) -> Record | None: ...
    def index(self, sort_key: str) -> list[tuple[Any, int, Record]]: ...


@dataclass
class Request:
    """What one request may see. `search_warnings` collects those of all its root fields."""

    store: Store
    bulk: BulkOperations
    scopes: tuple[str, ...]
    nested_page_cap: int | None = None
    denied_search_fields: frozenset[str] = frozenset()
    search_warnings: list[dict[str, Any]] = field(default_factory=list)
    on_orders_page: Callable[[Page], None] = lambda _: None

    def sees(self, entry: Entry) -> bool:
        """Say whether an order is young enough for the scopes of the token."""
        return ALL_ORDERS in self.scopes or entry.created_at >= OLDEST_SEEN


OLDEST_SEEN = moment(AS_OF - timedelta(days=WINDOW_DAYS)) or ""


def _customer_number(entry: Entry) -> int | None:
    draft = entry.draft
    if draft is None or draft.customer is None or draft.is_customer_deleted:
        return None
    return own_number("Customer", draft.customer)


def _order_state(entry: Entry) -> tuple[str, ...]:
    draft = entry.draft
    assert draft is not None
    if draft.cancelled_at is not None:
        return ("cancelled", "any")
    return ("closed", "any") if draft.closed_at is not None else ("open", "not_closed", "any")


ORDER_FIELDS: dict[str, Getter] = {
    "created_at": lambda one: one.created_at,
    "updated_at": lambda one: one.updated_at,
    "processed_at": lambda one: one.created_at,
    "id": lambda one: one.number,
    "name": lambda one: (one.name, one.name.removeprefix("#")),
    "status": _order_state,
    "return_status": lambda one: return_status(one.draft),
    "test": lambda one: one.draft.is_test,
    "customer_id": _customer_number,
    "financial_status": lambda one: one.word()["displayFinancialStatus"],
    "fulfillment_status": lambda one: one.word()["displayFulfillmentStatus"],
    "tag": lambda one: tuple(one.word()["tags"]),
    "email": lambda one: one.word()["email"],
}
CUSTOMER_FIELDS: dict[str, Getter] = {
    "created_at": lambda one: one.created_at,
    "customer_date": lambda one: one.created_at,
    "updated_at": lambda one: one.updated_at,
    "id": lambda one: one.number,
    "email": lambda one: one.word()["email"],
    "orders_count": lambda one: int(one.word()["numberOfOrders"]),
}
_REASON_FIELDS: dict[str, Getter] = {
    "id": lambda one: one["id"].rpartition("/")[2],
    "handle": lambda one: one["handle"],
    "name": lambda one: one["name"],
    "deleted": lambda one: one["deleted"],
}
_BULK_FIELDS: dict[str, Getter] = {
    "id": lambda one: one["id"].rpartition("/")[2],
    "status": lambda one: one["status"],
    "operation_type": lambda one: one["type"],
    "type": lambda one: one["type"],
    "created_at": lambda one: one["createdAt"],
}


def bind(schema: GraphQLSchema) -> None:
    """Put the resolvers on the root fields of the schema."""
    assert schema.query_type is not None and schema.mutation_type is not None
    for name, resolve in _QUERIES.items():
        schema.query_type.fields[name].resolve = resolve
    for name, resolve in _MUTATIONS.items():
        schema.mutation_type.fields[name].resolve = resolve
    for name in ("Node", "ReturnLineItemType", "LegacyInteroperability", "DisplayableError", "Fee"):
        schema.type_map[name].resolve_type = _type_of  # type: ignore[attr-defined]


def _type_of(value: Record, *_: Any) -> str:
    kind: str = value["__typename"]
    return kind


def _search(
    info: GraphQLResolveInfo, query: str | None, fields: Mapping[str, Getter]
) -> Callable[[Any], bool]:
    request: Request = info.context
    found = parse_search(query, fields, request.denied_search_fields)
    if found.warnings:
        request.search_warnings.append(
            {
                "path": [str(info.path.key)],
                "query": query,
                "parsed": found.parsed[0] if len(found.parsed) == 1 else {"and": found.parsed},
                "warnings": found.warnings,
            }
        )
    return found.matches


def _orders(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Page:
    request: Request = info.context
    matches = _search(info, arguments.get("query"), ORDER_FIELDS)
    sort_key = arguments["sortKey"]
    page = page_of_index(
        request.store.index("Order", _sortable(sort_key)),
        arguments,
        lambda entry: request.sees(entry) and matches(entry),
        lambda entry: entry.word(),
    )
    request.on_orders_page(page)
    return page


def _customers(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Page:
    request: Request = info.context
    matches = _search(info, arguments.get("query"), CUSTOMER_FIELDS)
    return page_of_index(
        request.store.index("Customer", _sortable(arguments["sortKey"])),
        arguments,
        matches,
        lambda entry: entry.word(),
    )


def _sortable(sort_key: str) -> str:
    if sort_key in ("CREATED_AT", "UPDATED_AT", "PROCESSED_AT", "ID", "ORDER_NUMBER", "NAME"):
        return sort_key
    raise bad_request(f"The demo shop does not sort by {sort_key}.")


def _orders_count(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Record:
    request: Request = info.context
    matches = _search(info, arguments.get("query"), ORDER_FIELDS)
    count = sum(request.sees(one) and matches(one) for one in request.store.orders)
    return _count(count, arguments.get("limit"))


def _customers_count(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Record:
    request: Request = info.context
    matches = _search(info, arguments.get("query"), CUSTOMER_FIELDS)
    count = sum(matches(one) for one in request.store.customers.values())
    return _count(count, arguments.get("limit"))


def _count(count: int, limit: int | None) -> Record:
    if limit is None or count <= limit:
        return {"count": count, "precision": "EXACT"}
    return {"count": limit, "precision": "AT_LEAST"}


def _reasons(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Page:
    matches = _search(info, arguments.get("query"), _REASON_FIELDS)
    ids, handles = arguments.get("ids"), arguments.get("handles")
    index = [(place, place, one) for place, one in enumerate(DEFINITIONS)]
    return page_of_index(
        index,
        arguments,
        lambda one: (
            matches(one)
            and (ids is None or one["id"] in ids)
            and (handles is None or one["handle"] in handles)
        ),
        lambda one: one,
    )


def _by_id(kind: str | None) -> Callable[..., Record | None]:
    def find(_: Any, info: GraphQLResolveInfo, **arguments: str) -> Record | None:
        return _find(info.context, arguments["id"], kind)

    return find


def _nodes(_: Any, info: GraphQLResolveInfo, ids: list[str]) -> list[Record | None]:
    if len(ids) > 250:
        raise bad_request(
            f"The input array size of {len(ids)} is greater than the maximum allowed of 250."
        )
    return [_find(info.context, one, None) for one in ids]


def _find(request: Request, wanted: str, kind: str | None) -> Record | None:
    prefix, _, rest = wanted.partition("gid://shopify/")
    named, _, number = rest.partition("/")
    digits = number.partition("?")[0]
    if prefix or not digits.isdigit() or (kind is not None and named != kind):
        raise bad_request(f"Invalid global id '{wanted}'")
    if named == "BulkOperation":
        return request.bulk.find(int(digits))
    if named not in FOUND_BY_ID:
        return None
    if named not in ("Customer", "ReturnReasonDefinition"):
        entry = request.store.order_of(named, int(digits))
        if entry is None or not request.sees(entry):
            return None
    return request.store.find(named, int(digits))


def _installation(_: Any, info: GraphQLResolveInfo) -> Record:
    request: Request = info.context
    return {
        "id": gid("AppInstallation", 70210001),
        "app": {
            "id": gid("App", 70210002),
            "apiKey": "demo",
            "handle": "refund-warehouse",
            "title": "Refund warehouse",
        },
        "accessScopes": [
            {"handle": one, "description": one.replace("_", " ").capitalize()}
            for one in request.scopes
        ],
    }


def _versions(*_: Any) -> list[Record]:
    return [
        {
            "handle": handle,
            "displayName": f"{handle} (Latest)" if handle == VERSIONS[-1] else handle,
            "supported": True,
        }
        for handle in VERSIONS
    ] + [
        {
            "handle": CANDIDATE,
            "displayName": f"{CANDIDATE} (Release candidate)",
            "supported": False,
        },
        {"handle": "unstable", "displayName": "unstable", "supported": False},
    ]


def _bulk_operations(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Page:
    matches = _search(info, arguments.get("query"), _BULK_FIELDS)
    index = info.context.bulk.index(arguments["sortKey"])
    return page_of_index(index, arguments, matches, lambda one: one)


def _current_bulk(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Record | None:
    operations = info.context.bulk.index("CREATED_AT")
    return operations[-1][2] if operations and arguments["type"] == "QUERY" else None


def _run_bulk(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Record:
    record: Record = info.context.bulk.run(arguments["query"], arguments["groupObjects"])
    return record


def _cancel_bulk(_: Any, info: GraphQLResolveInfo, **arguments: str) -> Record:
    record: Record = info.context.bulk.cancel(int(arguments["id"].rpartition("/")[2]))
    return record


_QUERIES: dict[str, Callable[..., Any]] = {
    "orders": _orders,
    "order": _by_id("Order"),
    "ordersCount": _orders_count,
    "customers": _customers,
    "customer": _by_id("Customer"),
    "customersCount": _customers_count,
    "return": _by_id("Return"),
    "refund": _by_id("Refund"),
    "node": _by_id(None),
    "nodes": _nodes,
    "shop": lambda *_: SHOP,
    "currentAppInstallation": _installation,
    "publicApiVersions": _versions,
    "returnReasonDefinitions": _reasons,
    "bulkOperation": _by_id("BulkOperation"),
    "bulkOperations": _bulk_operations,
    "currentBulkOperation": _current_bulk,
}
_MUTATIONS: dict[str, Callable[..., Any]] = {
    "bulkOperationRunQuery": _run_bulk,
    "bulkOperationCancel": _cancel_bulk,
}
