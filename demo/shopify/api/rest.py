"""The REST Admin API over the store: orders with their refunds, customers, and little else."""

import base64
import binascii
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from demo.company import AS_OF
from demo.shopify.api.paging import page_of_index
from demo.shopify.api.request import Request
from demo.shopify.api.rest_records import (
    rest_customer_in_full,
    rest_fulfillment_events,
    rest_order,
    rest_refund_in_full,
    rest_transaction,
)
from demo.shopify.api.rest_values import numbers_for_amounts
from demo.shopify.api.search import as_utc
from demo.shopify.shop.store import SHOP, Entry
from demo.shopify.shop.values import Record

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 250
_PAGING_HELP = "See https://shopify.dev/api/usage/pagination-rest for more information."
_MOMENTS = ("created_at", "updated_at", "processed_at")


@dataclass
class Answered:
    """A REST answer: status, JSON body and headers."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """A request that the API answers with an error."""

    def __init__(self, status: int, errors: Any) -> None:
        super().__init__(str(errors))
        self.status = status
        self.errors = errors


class LeakyBucket:
    """Calls that drain at a rate a second; a full one refuses, and says for how long."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.size = max(math.floor(rate * 20), 1)
        self._clock = clock
        self._level = 0.0
        self._seen_at = clock()

    def pour(self) -> int | None:
        """Take a call and return the level, or None when there is no room."""
        now = self._clock()
        self._level = max(0.0, self._level - (now - self._seen_at) * self.rate)
        self._seen_at = now
        if self._level + 1 > self.size:
            return None
        self._level += 1
        return math.ceil(self._level)


def too_many(rate: float, seconds: float) -> Answered:
    """Return the refusal of a caller who is too fast; its header is a decimal."""
    message = (
        f"Exceeded {rate:g} calls per second for api client. Reduce request rates to resume "
        "uninterrupted service."
    )
    return Answered(429, {"errors": message}, {"Retry-After": f"{seconds:.1f}"})


class RestEndpoint:
    """The REST endpoint of one server."""

    def __init__(self, rate: float, *, has_numbers: bool = False) -> None:
        self.bucket = LeakyBucket(rate)
        self._has_numbers = has_numbers

    def answer(self, url: str, path: str, query: str, request: Request) -> Answered:
        """Return the answer to a GET; `url` is where the server is reached, for the next page."""
        level = self.bucket.pour()
        if level is None:
            return too_many(self.bucket.rate, 1 / self.bucket.rate)
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        try:
            answered = self._route(url, path, parameters, request)
        except RefusedError as error:
            answered = Answered(error.status, {"errors": error.errors})
        if self._has_numbers:
            answered.body = numbers_for_amounts(answered.body)
        answered.headers["X-Shopify-Shop-Api-Call-Limit"] = f"{level}/{self.bucket.size}"
        return answered

    def _route(self, url: str, path: str, parameters: dict[str, str], request: Request) -> Answered:
        for pattern, answer in _ROUTES:
            found = pattern.fullmatch(path)
            if found:
                self._check_scope(path, request)
                body, link = answer(f"{url}{path}", found, parameters, request)
                return Answered(200, body, {"Link": link} if link else {})
        raise RefusedError(404, "Not Found")

    def _check_scope(self, path: str, request: Request) -> None:
        for start, scope in (("orders", "read_orders"), ("customers", "read_customers")):
            if path.startswith(start) and scope not in request.scopes:
                raise RefusedError(
                    403, f"[API] This action requires merchant approval for {scope} scope."
                )


Body = tuple[Any, str | None]


def _orders(url: str, _: re.Match[str], parameters: dict[str, str], request: Request) -> Body:
    return _listed(url, "Order", "orders", parameters, request, _wanted_order, rest_order)


def _customers(url: str, _: re.Match[str], parameters: dict[str, str], request: Request) -> Body:
    return _listed(
        url, "Customer", "customers", parameters, request, _wanted_customer, rest_customer_in_full
    )


def _listed(
    url: str,
    kind: str,
    name: str,
    parameters: dict[str, str],
    request: Request,
    wanted: Callable[[Mapping[str, str], Entry, Request], bool],
    word: Callable[[Record], Record],
) -> Body:
    state, limit = _state(parameters)
    filters: dict[str, str] = state["filters"]
    sort_key, is_reverse = _order(filters)
    arguments: dict[str, Any] = {"reverse": is_reverse}
    is_back = state.get("direction") == "previous"
    arguments["last" if is_back else "first"] = limit
    if "cursor" in state:
        arguments["before" if is_back else "after"] = state["cursor"]
    page = page_of_index(
        request.store.index(kind, sort_key),
        arguments,
        lambda entry: wanted(filters, entry, request),
        lambda entry: word(entry.word()),
    )
    kept = set(filter(None, parameters.get("fields", "").split(",")))
    records = [
        {key: value for key, value in one.items() if key in kept} if kept else one
        for one in page.nodes
    ]
    links = []
    if page.nodes and page.has_previous:
        links.append(_link(url, filters, page.cursor(0), "previous", limit, parameters))
    if page.nodes and page.has_next:
        last = page.cursor(len(page.nodes) - 1)
        links.append(_link(url, filters, last, "next", limit, parameters))
    return {name: records}, ", ".join(links) or None


def _state(parameters: Mapping[str, str]) -> tuple[dict[str, Any], int]:
    limit = parameters.get("limit", str(DEFAULT_LIMIT))
    if not limit.isdigit() or int(limit) == 0:
        raise RefusedError(400, {"limit": "limit must be a positive integer"})
    if int(limit) > LARGEST_LIMIT:
        raise RefusedError(400, f"Limit exceeds maximum limit of {LARGEST_LIMIT}")
    info = parameters.get("page_info")
    if info is None:
        rest = {k: v for k, v in parameters.items() if k not in ("limit", "fields")}
        return {"filters": rest}, int(limit)
    others = [one for one in parameters if one not in ("page_info", "limit", "fields")]
    if others:
        raise RefusedError(
            400,
            {others[0]: f"{others[0]} cannot be passed when page_info is present. {_PAGING_HELP}"},
        )
    try:
        state: dict[str, Any] = json.loads(base64.urlsafe_b64decode(info))
    except (binascii.Error, ValueError) as error:
        raise RefusedError(400, {"page_info": "Invalid value."}) from error
    return state, int(limit)


def _link(
    url: str,
    filters: Mapping[str, str],
    cursor: str,
    direction: str,
    limit: int,
    parameters: Mapping[str, str],
) -> str:
    state = {"direction": direction, "cursor": cursor, "filters": dict(filters)}
    info = base64.urlsafe_b64encode(json.dumps(state, separators=(",", ":")).encode()).decode()
    query = {"limit": str(limit), "page_info": info}
    if parameters.get("fields"):
        query["fields"] = parameters["fields"]
    return f'<{url}?{urlencode(query)}>; rel="{direction}"'


def _order(filters: Mapping[str, str]) -> tuple[str, bool]:
    """Return how to sort: newest first, unless asked otherwise; by id after `since_id`."""
    if "since_id" in filters:
        return "ID", False
    name, _, direction = filters.get("order", "created_at desc").partition(" ")
    keys = {**{one: one.upper() for one in _MOMENTS}, "id": "ID"}
    if name not in keys or direction.lower() not in ("", "asc", "desc"):
        raise RefusedError(400, {"order": "order is invalid"})
    return keys[name], direction.lower() == "desc"


def _wanted_customer(filters: Mapping[str, str], entry: Entry, _: Request) -> bool:
    return _is_in_window(filters, entry) and _has_id(filters, entry)


def _wanted_order(filters: Mapping[str, str], entry: Entry, request: Request) -> bool:
    draft = entry.draft
    if draft is None or not request.sees(entry) or not _is_in_window(filters, entry):
        return False
    if not _has_id(filters, entry):
        return False
    status = filters.get("status", "open")
    is_cancelled, is_closed = draft.cancelled_at is not None, draft.closed_at is not None
    if not {
        "any": True,
        "open": not is_closed and not is_cancelled,
        "closed": is_closed and not is_cancelled,
        "cancelled": is_cancelled,
    }.get(status, False):
        return False
    financial = filters.get("financial_status", "any")
    return financial == "any" or entry.word()["displayFinancialStatus"] == financial.upper()


def _has_id(filters: Mapping[str, str], entry: Entry) -> bool:
    if "ids" in filters and str(entry.number) not in filters["ids"].split(","):
        return False
    return entry.number > int(filters.get("since_id", "-1"))


def _is_in_window(filters: Mapping[str, str], entry: Entry) -> bool:
    for name in _MOMENTS:
        at = entry.updated_at if name == "updated_at" else entry.created_at
        low, high = filters.get(f"{name}_min"), filters.get(f"{name}_max")
        if (low and at < as_utc(low)) or (high and at > as_utc(high)):
            return False
    return True


def _one_order(found: re.Match[str], request: Request) -> Record:
    entry = request.store.order_of("Order", int(found.group(1)))
    if entry is None or not request.sees(entry):
        raise RefusedError(404, "Not Found")
    return entry.word()


def _order_alone(
    _: str, found: re.Match[str], parameters: dict[str, str], request: Request
) -> Body:
    return {"order": rest_order(_one_order(found, request))}, None


def _transactions(
    _: str, found: re.Match[str], parameters: dict[str, str], request: Request
) -> Body:
    order = _one_order(found, request)
    in_shop = parameters.get("in_shop_currency") == "true"
    return {
        "transactions": [
            rest_transaction(order, one, in_shop_currency=in_shop) for one in order["transactions"]
        ]
    }, None


def _refunds(_: str, found: re.Match[str], parameters: dict[str, str], request: Request) -> Body:
    order = _one_order(found, request)
    in_shop = parameters.get("in_shop_currency") == "true"
    zero = {name: {**money, "amount": "0.0"} for name, money in order["totalPriceSet"].items()}
    return {
        "refunds": [
            rest_refund_in_full(order, one, zero, in_shop_currency=in_shop)
            for one in order["refunds"]
        ]
    }, None


def _events(_: str, found: re.Match[str], parameters: dict[str, str], request: Request) -> Body:
    order = _one_order(found, request)
    for one in order["fulfillments"]:
        if one["legacyResourceId"] == found.group(2):
            return {"fulfillment_events": rest_fulfillment_events(order, one)}, None
    raise RefusedError(404, "Not Found")


def _orders_count(_: str, __: re.Match[str], parameters: dict[str, str], request: Request) -> Body:
    count = sum(_wanted_order(parameters, one, request) for one in request.store.orders)
    return {"count": count}, None


def _shop(_: str, __: re.Match[str], ___: dict[str, str], request: Request) -> Body:
    return {
        "shop": {
            "id": int(SHOP["id"].rpartition("/")[2]),
            "name": SHOP["name"],
            "email": SHOP["email"],
            "domain": SHOP["myshopifyDomain"],
            "country": "AE",
            "country_code": "AE",
            "country_name": "United Arab Emirates",
            "created_at": "2024-02-01T12:00:00+04:00",
            "updated_at": f"{AS_OF.date().isoformat()}T04:00:00+04:00",
            "currency": SHOP["currencyCode"],
            "timezone": "(GMT+04:00) Asia/Dubai",
            "iana_timezone": SHOP["ianaTimezone"],
            "plan_display_name": SHOP["plan"]["displayName"],
            "plan_name": "professional",
            "myshopify_domain": SHOP["myshopifyDomain"],
            "taxes_included": SHOP["taxesIncluded"],
            "enabled_presentment_currencies": SHOP["enabledPresentmentCurrencies"],
        }
    }, None


Route = Callable[[str, re.Match[str], dict[str, str], Request], Body]
_ROUTES: tuple[tuple[re.Pattern[str], Route], ...] = tuple(
    (re.compile(pattern), answer)
    for pattern, answer in (
        (r"orders\.json", _orders),
        (r"orders/count\.json", _orders_count),
        (r"orders/(\d+)\.json", _order_alone),
        (r"orders/(\d+)/transactions\.json", _transactions),
        (r"orders/(\d+)/refunds\.json", _refunds),
        (r"orders/(\d+)/fulfillments/(\d+)/events\.json", _events),
        (r"customers\.json", _customers),
        (r"shop\.json", _shop),
    )
)
