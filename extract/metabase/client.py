"""Metabase's HTTP API: who we are, how often we ask again, and what each status means."""

import json
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr
from requests.auth import AuthBase

from extract import __version__
from extract.errors import ExtractError
from extract.metabase.body import read_whole
from extract.metabase.faults import (
    NotAllowed,
    Passing,
    Refused,
    TookTooLong,
    fault_of,
    told_by_server,
)
from extract.progress import Reporter

Result = TypeVar("Result")

ATTEMPTS = 5
_CONNECT_SECONDS = 15
_LONGEST_WAIT = 300.0
_RENEWALS = 3
_SILENT_TIMEOUT = (408, 504, 524)
_WAIT_SECONDS = re.compile(r"wait (\d+) second", re.IGNORECASE)


@dataclass(frozen=True)
class Access:
    """Where Metabase is and how we are let in: an API key, or a user name and password."""

    url: str
    api_key: SecretStr | None
    username: str | None
    password: SecretStr | None

    @property
    def host(self) -> str:
        """Host and port, for messages."""
        return urlsplit(self.url).netloc


class _NoAuth(AuthBase):
    """Keeps requests from sending a password of ~/.netrc beside our own header."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Client:
    """Asks one Metabase, one request at a time.

    `retry_seconds` is the first pause before asking again; it doubles each time.
    """

    def __init__(
        self, access: Access, reporter: Reporter, *, timeout_seconds: float, retry_seconds: float
    ) -> None:
        self._access = access
        self._reporter = reporter
        self._timeout_seconds = timeout_seconds
        self._retry_seconds = retry_seconds
        self._token: str | None = None

    def post(
        self, path: str, body: dict[str, Any], read: Callable[[requests.Response], Result]
    ) -> Result:
        """Send a query and read the answer to its end, again if a passing fault comes between.

        Errors: TookTooLong, NotAllowed and Refused as `faults` has them; ExtractError when we are
        not let in or the server stays away.
        """
        renewals = 0
        last = Passing("nothing was tried")
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._send(path, body) as response:
                    if response.status_code == 401 and self._token and renewals < _RENEWALS:
                        renewals, self._token = renewals + 1, None
                        raise Passing("the session has ended", wait=0)
                    self._check_status(response)
                    return read(response)
            except Passing as fault:
                last = fault
            if attempt < ATTEMPTS:
                self._pause(attempt, last)
        raise ExtractError(
            f"Metabase at {self._access.host} failed {ATTEMPTS} times in a row: {last}; "
            "nothing was landed; run again later"
        )

    def _send(self, path: str, body: dict[str, Any]) -> requests.Response:
        headers = {}
        if self._access.api_key:
            headers["x-api-key"] = self._access.api_key.get_secret_value()
        else:
            self._token = self._token or self._log_in()
            headers["X-Metabase-Session"] = self._token
        return self._request(path, body, headers)

    def _request(
        self, path: str, body: dict[str, Any], headers: dict[str, str]
    ) -> requests.Response:
        try:
            # A request of its own each time: Metabase reads on from a connection that it streams
            # to, which would spoil the next request on it.
            return requests.post(
                f"{self._access.url.rstrip('/')}{path}",
                json=body,
                headers={
                    "Accept-Encoding": "gzip",
                    "Connection": "close",
                    "User-Agent": f"refund-warehouse/{__version__}",
                    **headers,
                },
                auth=_NoAuth(),
                # Headers of our own would be sent on to wherever we are redirected.
                allow_redirects=False,
                stream=True,
                timeout=(_CONNECT_SECONDS, self._timeout_seconds),
            )
        except requests.exceptions.SSLError as error:
            shows = (
                "shows a certificate that is not trusted"
                if "CERTIFICATE_VERIFY_FAILED" in str(error)
                else "does not speak https; does it want http?"
            )
            raise ExtractError(f"METABASE_URL: {self._access.host} {shows}") from None
        except requests.exceptions.ProxyError:
            raise Passing("the proxy of HTTP_PROXY or HTTPS_PROXY does not answer") from None
        except requests.exceptions.ConnectTimeout:
            raise Passing("no connection within the time allowed") from None
        except requests.exceptions.ReadTimeout:
            raise TookTooLong(f"no answer within {self._timeout_seconds:,.0f} s") from None
        except requests.exceptions.InvalidURL:
            raise ExtractError("METABASE_URL is not an address; correct it in .env") from None
        except requests.exceptions.RequestException as error:
            raise Passing(
                "its name is not known"
                if "NameResolutionError" in str(error)
                else "the connection was refused or lost"
            ) from None

    def _check_status(self, response: requests.Response) -> None:
        status = response.status_code
        if status in (200, 202):
            return
        host = self._access.host
        if 300 <= status < 400:
            target = urlsplit(response.headers.get("Location", "")).netloc or "another address"
            raise ExtractError(f"METABASE_URL: {host} redirects to {target}; set that one")
        if status == 401:
            setting = "METABASE_API_KEY" if self._access.api_key else "METABASE_USERNAME"
            raise ExtractError(f"{setting}: {host} does not accept it (401); renew it")
        if status in _SILENT_TIMEOUT:
            raise TookTooLong(f"the server gave up waiting (status {status})")
        if status in (403, 404, 405):
            raise NotAllowed(f"status {status}")
        if status in (429, 502, 503):
            raise Passing(f"the server is busy (status {status})", _retry_after(response))
        message = _message(response)
        fault = fault_of(message) if message else None
        if status == 400:
            raise fault or Refused("the query was refused (status 400)")
        if 500 <= status < 600:
            # A server that is restarting answers 500 as well as one whose query is wrong.
            raise (
                fault
                if isinstance(fault, TookTooLong)
                else Passing(
                    f"status {status}" + (f", {told_by_server(message)}" if message else "")
                )
            )
        raise ExtractError(f"METABASE_URL: {host} answered with status {status}; is it Metabase?")

    def _log_in(self) -> str:
        assert self._access.password is not None
        body = {
            "username": self._access.username,
            "password": self._access.password.get_secret_value(),
        }
        with self._request("/api/session", body, {}) as response:
            if response.status_code in (200, 202):
                token = _token(read_whole(response))
                if token:
                    return token
                raise ExtractError("METABASE_URL: the login answered without a session")
            if response.status_code in (400, 401, 429):
                text = read_whole(response).decode("utf-8", errors="replace")
                asked = _WAIT_SECONDS.search(text)
                if asked or response.status_code == 429:
                    wait = float(asked[1]) if asked else _retry_after(response)
                    raise Passing("too many logins", wait)
                raise ExtractError(
                    f"METABASE_USERNAME, METABASE_PASSWORD: {self._access.host} does not accept "
                    "them; correct them in .env"
                )
            self._check_status(response)
            raise ExtractError("METABASE_URL: the login failed; is it Metabase?")

    def _pause(self, attempt: int, fault: Passing) -> None:
        wait = fault.wait
        if wait is None:
            wait = self._retry_seconds * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)
        if wait > _LONGEST_WAIT:
            raise ExtractError(
                f"Metabase at {self._access.host} asks to wait {wait:,.0f} s ({fault}); "
                "run again after that"
            )
        if wait:
            self._reporter.say(f"metabase: {fault}; asking again in {wait:,.1f} s")
            time.sleep(wait)


def _token(body: bytes) -> str | None:
    try:
        content = json.loads(body)
    except ValueError:
        return None
    token = content.get("id") if isinstance(content, dict) else None
    return token if isinstance(token, str) and token.isascii() and token.isprintable() else None


def _retry_after(response: requests.Response) -> float | None:
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else None


def _message(response: requests.Response) -> str:
    """Take the error text out of a body, whichever of Metabase's shapes it has."""
    try:
        content = json.loads(read_whole(response))
    except (ValueError, Passing, TookTooLong):
        return ""
    if isinstance(content, dict):
        return str(content.get("error") or content.get("message") or "")
    return content if isinstance(content, str) else ""
