"""One demo shop behind HTTP: tokens, versions, and which endpoint answers what."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from demo.shopify.api.bulk import BulkDesk
from demo.shopify.api.cost import Bucket
from demo.shopify.api.graphql_endpoint import GraphQLEndpoint
from demo.shopify.api.resolvers import CANDIDATE, VERSIONS, Request
from demo.shopify.api.schema import SCOPES
from demo.shopify.shop.store import Store
from demo.shopify.tokens import Tokens

_PATH = re.compile(r"/admin/api/([\w-]+)/(.+)")


@dataclass
class Response:
    """What goes over the wire. `cut` sends half of the body and hangs up."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def as_json(status: int, value: object, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(
        status,
        text.encode(),
        {"Content-Type": "application/json; charset=utf-8", **(headers or {})},
    )


class App:
    """Answers requests one at a time, so that faults fall on the same request every run."""

    def __init__(self, store: Store, restore_rate: float) -> None:
        self.store = store
        self.tokens = Tokens()
        self.scopes = SCOPES
        self.graphql = GraphQLEndpoint(Bucket(restore_rate))
        self.bulk = BulkDesk()
        self._lock = threading.RLock()

    def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response | None:
        """Return the response to a request, or None to hang up without one."""
        with self._lock:
            return self._answer(method, path, query, headers, body)

    def _answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response | None:
        if path == "/admin/oauth/access_token" and method == "POST":
            return self._token(headers, body)
        if not self.tokens.knows(headers.get("x-shopify-access-token")):
            return as_json(
                401,
                {
                    "errors": "[API] Invalid API key or access token (unrecognized login or wrong "
                    "password)"
                },
            )
        found = _PATH.fullmatch(path)
        if found is None:
            return as_json(404, {"errors": "Not Found"})
        version = served_version(found.group(1))
        response = self._endpoint(method, found.group(2), body)
        response.headers["X-Shopify-API-Version"] = version
        return response

    def _endpoint(self, method: str, endpoint: str, body: bytes) -> Response:
        if method == "POST" and endpoint == "graphql.json":
            request = Request(self.store, self.bulk, self.scopes)
            return as_json(200, self.graphql.answer(body, request))
        return as_json(404, {"errors": "Not Found"})

    def _token(self, headers: Mapping[str, str], body: bytes) -> Response:
        if "json" in headers.get("content-type", ""):
            asked = json.loads(body)
        else:
            asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        granted = self.tokens.grant(asked)
        if granted is None:
            return as_json(
                401,
                {
                    "error": "invalid_client",
                    "error_description": "Client authentication failed.",
                },
            )
        return as_json(200, {**granted, "scope": ",".join(self.scopes)})


def served_version(asked: str) -> str:
    """Return the version that answers: too old ones fall forward to the oldest that is served."""
    if asked in (*VERSIONS, CANDIDATE, "unstable"):
        return asked
    return VERSIONS[0]
