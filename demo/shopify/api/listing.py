"""The lists at the root of the API: what each holds, how it sorts, what it can be searched by."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demo.shopify.api.errors import bad_request
from demo.shopify.api.paging import Item
from demo.shopify.api.request import Request
from demo.shopify.api.search import Getter, Search, parse_search
from demo.shopify.shop.reasons import DEFINITIONS
from demo.shopify.shop.returns import return_status
from demo.shopify.shop.store import SORT_KEYS, Entry
from demo.shopify.shop.values import Record, own_number


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


@dataclass(frozen=True, slots=True)
class Listing:
    """A sorted list and the part of it that a query asks for."""

    index: Sequence[Item]
    matches: Callable[[Any], bool]
    word: Callable[[Any], Record]
    search: Search


def listing(request: Request, root: str, arguments: Mapping[str, Any]) -> Listing:
    """Return the list of a root field, such as `orders`; counts list by id.

    Errors: GraphQLError BAD_REQUEST for a sort key that the demo shop does not have.
    """
    query = arguments.get("query")
    denied = request.denied_search_fields
    sort_key = arguments.get("sortKey", "ID")
    match root:
        case "orders" | "ordersCount":
            search = parse_search(query, ORDER_FIELDS, denied)
            return Listing(
                request.store.index("Order", _sortable(sort_key)),
                lambda entry: request.sees(entry) and search.matches(entry),
                _word_entry,
                search,
            )
        case "customers" | "customersCount":
            search = parse_search(query, CUSTOMER_FIELDS, denied)
            index = request.store.index("Customer", _sortable(sort_key))
            return Listing(index, search.matches, _word_entry, search)
        case "returnReasonDefinitions":
            search = parse_search(query, _REASON_FIELDS, denied)
            ids, handles = arguments.get("ids"), arguments.get("handles")
            return Listing(
                [(place, place, one) for place, one in enumerate(DEFINITIONS)],
                lambda one: (
                    search.matches(one)
                    and (ids is None or one["id"] in ids)
                    and (handles is None or one["handle"] in handles)
                ),
                _as_is,
                search,
            )
        case "bulkOperations":
            search = parse_search(query, _BULK_FIELDS, denied)
            return Listing(request.bulk.index(sort_key), search.matches, _as_is, search)
    raise bad_request(f"The demo shop does not list {root} in bulk.")


def nodes_of_root(request: Request, root: str, arguments: Mapping[str, Any]) -> Iterator[Record]:
    """Yield every node of a root field that a query asks for, whatever its page size."""
    found = listing(request, root, arguments)
    items = [item for _, _, item in found.index if found.matches(item)]
    if arguments.get("reverse"):
        items.reverse()
    return map(found.word, items)


def _word_entry(entry: Entry) -> Record:
    return entry.word()


def _as_is(record: Record) -> Record:
    return record


def _sortable(sort_key: str) -> str:
    if sort_key not in SORT_KEYS:
        raise bad_request(f"The demo shop does not sort by {sort_key}.")
    return sort_key
