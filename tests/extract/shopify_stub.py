"""An HTTP server that gives scripted answers, one a request, and remembers what it was asked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from http_stub import serving
from pydantic import SecretStr

from extract.shopify.client import ShopifyClient
from extract.shopify.shop import Shop

TOKEN = "shpat_do_not_tell"
VERSION = "2026-10"


@dataclass(frozen=True)
class Reply:
    """One answer. `cut` bytes are promised and not sent; `drop` sends nothing at all."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    drop: bool = False


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def variables(self) -> dict[str, Any]:
        return dict(json.loads(self.body)["variables"])


@dataclass
class Stub:
    """What the server was asked, and how long the client slept."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def shop(self, **changes: Any) -> Shop:
        given = {
            "store": "hewyn",
            "base_url": self.url,
            "api_version": VERSION,
            "access_token": SecretStr(TOKEN),
            "client_id": None,
            "client_secret": None,
        }
        return Shop(**{**given, **changes})

    def client(self, **changes: Any) -> ShopifyClient:
        return ShopifyClient(self.shop(**changes), sleep=self.slept.append)


def good(data: Mapping[str, Any], cost: int = 10, available: float = 1990.0) -> Reply:
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": available, "restoreRate": 100.0}
    about = {"requestedQueryCost": cost, "actualQueryCost": cost, "throttleStatus": status}
    return Reply({"data": data, "extensions": {"cost": about}})


def throttled(cost: int, available: float, rate: float = 200.0) -> Reply:
    status = {"maximumAvailable": 4000.0, "currentlyAvailable": available, "restoreRate": rate}
    about = {"requestedQueryCost": cost, "actualQueryCost": None, "throttleStatus": status}
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    return Reply({"errors": [error], "extensions": {"cost": about}})


def too_costly(cost: int) -> Reply:
    extensions = {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": 1000}
    message = f"Query cost is {cost}, which exceeds the single query max cost limit (1000)."
    return Reply({"errors": [{"message": message, "extensions": extensions}]})


def refused(code: str, message: str) -> Reply:
    return Reply({"errors": [{"message": message, "extensions": {"code": code}}]})


@contextmanager
def stub_shop(replies: Sequence[Reply]) -> Iterator[Stub]:
    left = iter(replies)
    stub = Stub("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            stub.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            reply = next(left, Reply({"errors": "the script has no more answers"}, 418))
            self.close_connection = True
            if reply.drop:
                return
            content = reply.body if isinstance(reply.body, bytes) else None
            content = json.dumps(reply.body).encode() if content is None else content
            self.send_response(reply.status)
            headers = {"X-Shopify-API-Version": VERSION, **reply.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content) + reply.cut))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Stay quiet."""

    with serving(Handler) as address:
        stub.url = address
        yield stub
