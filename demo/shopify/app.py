"""One demo shop behind HTTP: tokens, versions, faults, and which endpoint answers what."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from demo.shopify.api.bulk import BulkDesk
from demo.shopify.api.cost import Bucket
from demo.shopify.api.graphql_endpoint import GraphQLEndpoint
from demo.shopify.api.request import Request
from demo.shopify.api.resolvers import CANDIDATE, VERSIONS
from demo.shopify.api.rest import Answered, RestEndpoint, too_many
from demo.shopify.api.schema import ALL_ORDERS, SCOPES
from demo.shopify.changes import Changes
from demo.shopify.faults import Faults
from demo.shopify.shop.store import Store
from demo.shopify.tokens import Tokens

REST_SHARE = 50
"""GraphQL points a second to one REST call a second: 100 and 2 on the Standard plan."""

_API = re.compile(r"/admin/api/([\w-]+)/(.+)")
_BULK = re.compile(r"/bulk/(\d+)\.jsonl")
_WRONG_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"


@dataclass
class Response:
    """What goes over the wire. `cut` sends half of the body and hangs up."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def as_json(status: int, value: object, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    return Response(
        status,
        text.encode(),
        {"Content-Type": "application/json; charset=utf-8", **(headers or {})},
    )


class App:
    """Answers requests one at a time, so that faults fall on the same request every run.

    `restore_rate` is in GraphQL points a second; REST has a fiftieth of it in calls. `url` is
    where the server is reached: set it before the first request.
    """

    def __init__(self, store: Store, restore_rate: float, faults: Faults) -> None:
        self.url = ""
        self.store = store
        self.faults = faults
        self.tokens = Tokens()
        self.scopes = tuple(
            one
            for one in SCOPES
            if not (one == "read_returns" and faults.has("missing_scope"))
            and not (one == ALL_ORDERS and faults.has("no_read_all_orders"))
        )
        self.changes = Changes(store, faults)
        self._lock = threading.RLock()
        factor = 8 if faults.has("max_cost") else 1
        self.graphql = GraphQLEndpoint(Bucket(restore_rate), factor)
        self.rest = RestEndpoint(
            restore_rate / REST_SHARE, has_numbers=faults.has("numbers_as_amounts")
        )
        self.bulk = BulkDesk(self.graphql.schema, self.new_request, self._lock, faults)

    def new_request(self) -> Request:
        """Return what a request sees of the shop, faults included."""
        faults = self.faults
        return Request(
            self.store,
            self.bulk,
            self.scopes,
            2 if faults.has("nested_truncation") else None,
            frozenset(("updated_at", "return_status"))
            if faults.has("search_warning")
            else frozenset(),
            on_orders_page=self.changes.orders_page_was_read,
        )

    def close(self) -> None:
        """Stop bulk operations and delete their files."""
        self.bulk.close()

    def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response | None:
        """Return the response to a request, or None to hang up without one."""
        with self._lock:
            if path == "/admin/oauth/access_token" and method == "POST":
                return self._token(headers, body)
            if self.faults.strikes("dropped_connection", 2, 4):
                return None
            response = self._failure() or self._answer(method, path, query, headers, body)
            response.cut = bool(self.faults.strikes("cut_body", 2, 4))
            return response

    def _failure(self) -> Response | None:
        turn = self.faults.strikes("http_500", 2, 3, 5)
        if turn:
            return as_json((500, 502, 503)[turn - 1], {"errors": "Internal Server Error"})
        if self.faults.strikes("http_429", 2, 4):
            return _from_rest(too_many(self.rest.bucket.rate, 0.3))
        return None

    def _answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        download = _BULK.fullmatch(path)
        if download:
            return self._download(int(download.group(1)), query)
        if self.faults.strikes("token_expired", 3):
            self.tokens.revoke_all()
        if not self.tokens.knows(headers.get("x-shopify-access-token")):
            return as_json(401, {"errors": _WRONG_TOKEN})
        if path == "/admin/oauth/access_scopes.json" and method == "GET":
            scopes = {"access_scopes": [{"handle": one} for one in self.scopes]}
            return as_json(200, scopes, {"X-Shopify-API-Version": VERSIONS[-1]})
        found = _API.fullmatch(path)
        if found is None:
            return as_json(404, {"errors": "Not Found"})
        version, endpoint = found.groups()
        if method == "POST" and endpoint == "graphql.json":
            if self.faults.strikes("throttled", 2, 5):
                self.graphql.bucket.empty()
            response = as_json(200, self.graphql.answer(body, self.new_request()))
        elif method == "GET":
            here = f"{self.url}/admin/api/{version}/"
            response = _from_rest(self.rest.answer(here, endpoint, query, self.new_request()))
        else:
            response = as_json(404, {"errors": "Not Found"})
        response.headers["X-Shopify-API-Version"] = self._served_version(version)
        return response

    def _served_version(self, asked: str) -> str:
        """Return the version that answers: what is not served falls to the oldest that is."""
        is_served = asked in (*VERSIONS, CANDIDATE, "unstable")
        return asked if is_served and not self.faults.has("version_fall_forward") else VERSIONS[0]

    def _download(self, number: int, query: str) -> Response:
        rows = self.bulk.download(number, parse_qs(query).get("Signature", [""])[0])
        if rows is None:
            text = (
                "<?xml version='1.0' encoding='UTF-8'?><Error><Code>ExpiredToken</Code>"
                "<Message>Invalid argument.</Message></Error>"
            )
            return Response(400, text.encode(), {"Content-Type": "application/xml"})
        return Response(200, rows, {"Content-Type": "application/jsonl"})

    def _token(self, headers: Mapping[str, str], body: bytes) -> Response:
        if "json" in headers.get("content-type", ""):
            try:
                asked = json.loads(body)
            except ValueError:
                asked = {}
        else:
            asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        granted = self.tokens.grant(asked)
        if granted is None:
            refusal = {
                "error": "invalid_client",
                "error_description": "Client authentication failed.",
            }
            return as_json(401, refusal)
        return as_json(200, {**granted, "scope": ",".join(self.scopes)})


def _from_rest(answered: Answered) -> Response:
    return as_json(answered.status, answered.body, answered.headers)
