"""The root fields of the API over the store."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLResolveInfo, GraphQLSchema

from demo.shopify.api.errors import bad_request
from demo.shopify.api.listing import Listing, listing
from demo.shopify.api.paging import Page, page_of_index
from demo.shopify.api.request import Request
from demo.shopify.shop.store import FOUND_BY_ID, SHOP
from demo.shopify.shop.values import Record, gid

VERSIONS = ("2026-01", "2026-04", "2026-07", "2026-10")
CANDIDATE = "2027-01"


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


def _listing(info: GraphQLResolveInfo, arguments: Mapping[str, Any]) -> Listing:
    request: Request = info.context
    found = listing(request, info.field_name, arguments)
    if found.search.warnings:
        parsed = found.search.parsed
        request.search_warnings.append(
            {
                "path": [str(info.path.key)],
                "query": arguments.get("query"),
                "parsed": parsed[0] if len(parsed) == 1 else {"and": parsed},
                "warnings": found.search.warnings,
            }
        )
    return found


def _page(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Page:
    found = _listing(info, arguments)
    return page_of_index(found.index, arguments, found.matches, found.word)


def _orders(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Page:
    page = _page(_, info, **arguments)
    info.context.on_orders_page(page)
    return page


def _counted(_: Any, info: GraphQLResolveInfo, **arguments: Any) -> Record:
    found = _listing(info, arguments)
    count = sum(found.matches(item) for _, _, item in found.index)
    return _count(count, arguments.get("limit"))


def _count(count: int, limit: int | None) -> Record:
    if limit is None or count <= limit:
        return {"count": count, "precision": "EXACT"}
    return {"count": limit, "precision": "AT_LEAST"}


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
    "ordersCount": _counted,
    "customers": _page,
    "customer": _by_id("Customer"),
    "customersCount": _counted,
    "return": _by_id("Return"),
    "refund": _by_id("Refund"),
    "node": _by_id(None),
    "nodes": _nodes,
    "shop": lambda *_: SHOP,
    "currentAppInstallation": _installation,
    "publicApiVersions": _versions,
    "returnReasonDefinitions": _page,
    "bulkOperation": _by_id("BulkOperation"),
    "bulkOperations": _page,
    "currentBulkOperation": _current_bulk,
}
_MUTATIONS: dict[str, Callable[..., Any]] = {
    "bulkOperationRunQuery": _run_bulk,
    "bulkOperationCancel": _cancel_bulk,
}
