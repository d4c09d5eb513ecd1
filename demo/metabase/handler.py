"""The HTTP side: routes, who may pass, and how bodies travel."""

import json
import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, cast

from demo.metabase import responses
from demo.metabase.answers import Execution
from demo.metabase.errors import QueryError, Refusal
from demo.metabase.requests import Format, Question, ad_hoc, of_card, read_body
from demo.metabase.transport import Stream
from demo.metabase.values import iso_moment

if TYPE_CHECKING:
    from demo.metabase.server import HttpServer

_MOST_BYTES = 4_000_000


class Handler(BaseHTTPRequestHandler):
    """Answers one connection of a client."""

    protocol_version = "HTTP/1.1"
    server_version = "Jetty(11.0.20)"
    sys_version = ""
    timeout = 60

    @property
    def app(self) -> "HttpServer":
        """Return the server with what it knows."""
        return cast("HttpServer", self.server)

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer("POST")

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._answer("DELETE")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a query may hold what no log should."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header by the server's clock."""
        return f"{self.app.now():%a, %d %b %Y %H:%M:%S GMT}"

    @property
    def accepts_gzip(self) -> bool:
        """Tell whether the client can read gzip."""
        return "gzip" in self.headers.get("Accept-Encoding", "")

    def stream(self, status: int, headers: dict[str, str]) -> Stream:
        """Return a body of unknown length; its head is sent with its first bytes."""

        def begin() -> None:
            self._head(status, headers)
            self.send_header("Transfer-Encoding", "chunked")
            if self.accepts_gzip:
                self.send_header("Content-Encoding", "gzip")
            # As Metabase does: its cancel poller reads a byte of the socket.
            self.send_header("Connection", "close")
            self.end_headers()

        self.close_connection = True
        return Stream(self.wfile, begin, is_gzip=self.accepts_gzip)

    def whole(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        """Send a body at once: text as it is, anything else as JSON."""
        is_text = isinstance(body, str)
        content_type = "text/plain;charset=utf-8" if is_text else "application/json;charset=utf-8"
        data = (body if isinstance(body, str) else json.dumps(body, default=str)).encode()
        self._head(status, {"Content-Type": content_type, **(headers or {})})
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if status != 204:
            self.wfile.write(data)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)

    def _answer(self, method: str) -> None:
        path = self.path.partition("?")[0].rstrip("/")
        self.app.count(method, path)
        try:
            raw = self._read()
            for route_method, pattern, answer in _ROUTES:
                match = pattern.fullmatch(path)
                if match and route_method == method:
                    answer(self, raw, match)
                    return
            raise Refusal(404, "API endpoint does not exist.")
        except Refusal as refusal:
            self.whole(refusal.status, refusal.body, refusal.headers)
        except (BrokenPipeError, ConnectionResetError):
            # The client went away, which cancels its query.
            self.close_connection = True

    def _read(self) -> bytes:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= _MOST_BYTES:
            self.close_connection = True
            raise Refusal(400, "The body has no length that can be read.")
        return self.rfile.read(length)

    def _body(self, raw: bytes) -> dict[str, Any]:
        return read_body(self.headers.get("Content-Type", ""), raw)

    def _session(self) -> str | None:
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("metabase.SESSION")
        return cookie.value if cookie else self.headers.get("X-Metabase-Session")

    def _check(self) -> None:
        self.app.accounts.check(self.headers.get("x-api-key"), self._session())

    def _health(self, raw: bytes, match: re.Match[str]) -> None:
        self.whole(200, {"status": "ok"})

    def _properties(self, raw: bytes, match: re.Match[str]) -> None:
        self.whole(200, responses.properties(self.app.options))

    def _log_in(self, raw: bytes, match: re.Match[str]) -> None:
        session = self.app.accounts.log_in(self._body(raw))
        cookie = f"metabase.SESSION={session}; Path=/; HttpOnly; SameSite=Lax"
        self.whole(200, {"id": session}, {"Set-Cookie": cookie})

    def _log_out(self, raw: bytes, match: re.Match[str]) -> None:
        self._check()
        self.app.accounts.log_out(self._session())
        self.whole(204, "")

    def _user(self, raw: bytes, match: re.Match[str]) -> None:
        self._check()
        self.whole(200, responses.user(self.app.accounts.username))

    def _databases(self, raw: bytes, match: re.Match[str]) -> None:
        self._check()
        found = [responses.database(self.app.options)]
        self.whole(200, {"data": found, "total": len(found)})

    def _database(self, raw: bytes, match: re.Match[str]) -> None:
        self._check()
        if int(match["id"]) != self.app.options.database_id:
            raise Refusal(404, "Not found.")
        self.whole(200, responses.database(self.app.options))

    def _card(self, raw: bytes, match: re.Match[str]) -> None:
        self._check()
        card = self.app.options.cards.get(int(match["id"]))
        if card is None:
            raise Refusal(404, "Not found.")
        self.whole(200, responses.card(int(match["id"]), card, self.app.options))

    def _dataset(self, raw: bytes, match: re.Match[str]) -> None:
        self._run(raw, match, lambda body, download: ad_hoc(body, download, self.app.options))

    def _card_query(self, raw: bytes, match: re.Match[str]) -> None:
        card_id = int(match["id"])
        self._run(
            raw, match, lambda body, download: of_card(card_id, body, download, self.app.options)
        )

    def _run(
        self,
        raw: bytes,
        match: re.Match[str],
        read: Callable[[dict[str, Any], Format | None], Question],
    ) -> None:
        session = self._session()
        if self.headers.get("x-api-key") is None and session and self.app.accounts.is_in(session):
            self._expire(session)
        self._check()
        download = cast("Format | None", match["format"])
        body = self._body(raw)
        started_at = iso_moment(self.app.now())
        try:
            question = read(body, download)
        except QueryError as error:
            nothing = Question({}, (), body, "ad-hoc", {}, download)
            self.app.service.fail(error, Execution(nothing, None, started_at), self)
            return
        self.app.service.answer(question, started_at, self)

    def _expire(self, session: str) -> None:
        if self.app.faults.strikes("http_401_expired_session"):
            self.app.accounts.log_out(session)


_Answer = Callable[[Handler, bytes, re.Match[str]], None]


def _route(method: str, path: str, answer: _Answer) -> tuple[str, re.Pattern[str], _Answer]:
    pattern = path.replace(":id", r"(?P<id>\d{1,9})").replace(
        "/:format", "(?:/(?P<format>csv|json))?"
    )
    return method, re.compile(f"/api{pattern}"), answer


_ROUTES = (
    _route("GET", "/health", Handler._health),
    _route("GET", "/session/properties", Handler._properties),
    _route("POST", "/session", Handler._log_in),
    _route("DELETE", "/session", Handler._log_out),
    _route("GET", "/user/current", Handler._user),
    _route("GET", "/database", Handler._databases),
    _route("GET", "/database/:id", Handler._database),
    _route("GET", "/card/:id", Handler._card),
    _route("POST", "/dataset/:format", Handler._dataset),
    _route("POST", "/card/:id/query/:format", Handler._card_query),
)
