"""The HTTP server: reads requests off the wire and writes the answers of the app onto it."""

import gzip
import sys
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from demo.company import AS_OF
from demo.shopify.app import App, Response

SMALLEST_GZIP = 1_000


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive over many requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a test's output is not the place for it."""

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        response = self.server.app.answer(method, url.path, url.query, headers, body)
        if response is None:
            self.close_connection = True
            return
        self._send(response, "gzip" in headers.get("accept-encoding", ""))

    def _send(self, response: Response, may_zip: bool) -> None:
        body = response.body
        # The shop's own clock, by which readers set their windows.
        headers = {"Date": format_datetime(AS_OF, usegmt=True), **response.headers}
        if may_zip and len(body) > SMALLEST_GZIP:
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        head = [f"HTTP/1.1 {response.status} {_PHRASES.get(response.status, 'Status')}"]
        headers["Content-Length"] = str(len(body))
        if response.cut:
            body = body[: len(body) // 2]
            self.close_connection = True
        head += [f"{name}: {value}" for name, value in headers.items()]
        # One write: a header alone would wait for the reader's acknowledgement.
        self.wfile.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)


_PHRASES = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class Server(ThreadingHTTPServer):
    """A server of one demo shop on 127.0.0.1."""

    daemon_threads = True

    def __init__(self, app: App, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.app = app
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        """What replaces https://{store}.myshopify.com."""
        app.url = app.bulk.base_url = self.url

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a client that hung up go; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
