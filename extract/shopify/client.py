"""One conversation with one shop: authentication, waits, retries, and what counts as an error."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from extract import __version__
from extract.errors import ExtractError
from extract.shopify import answers
from extract.shopify.answers import Throttled, Transient
from extract.shopify.auth import read_credentials
from extract.shopify.queries import load_query
from extract.shopify.shop import Shop
from extract.shopify.throttle import REFUSED_TRIES, CallsBucket, PointsBucket

_TIMEOUT_SECONDS = (10, 120)
_ATTEMPTS = 7
_LONGEST_WAIT_SECONDS = 60
_CHUNK_BYTES = 1 << 20
_DROPPED = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)

_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"

T = TypeVar("T")
Variables = Mapping[str, Any]


class Unreachable(ExtractError):
    """The shop kept failing for as long as we were patient."""


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, (Transient, *_DROPPED)) and _UNTRUSTED not in str(error)


@dataclass(frozen=True)
class RestPage:
    """The body of a REST answer, and the address of the next page as Shopify gave it."""

    body: dict[str, Any]
    next_url: str | None


class ShopifyClient:
    """Asks one shop, and never changes it.

    Dropped connections, cut bodies, HTTP 429 and 5xx are asked again with growing waits, THROTTLED
    after the wait that the shop's own numbers give. Everything else is an ExtractError at once.
    `sleep` is there for tests.
    """

    def __init__(self, shop: Shop, sleep: Callable[[float], None] = time.sleep) -> None:
        self.shop = shop
        self.points = PointsBucket()
        self.answered_version: str | None = None
        self.answered_at: str | None = None
        self.last_cost = 0
        self.requests_made = 0
        self._calls = CallsBucket()
        self._sleep = sleep
        self._costs: dict[tuple[str, object], int] = {}
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"refund-warehouse/{__version__}"
        # Neither proxies nor .netrc have a say in a server on this machine.
        self._session.trust_env = not shop.is_local
        self._credentials = read_credentials(shop, self._session)

    def graphql(
        self, name: str, variables: Variables | None = None, attempts: int = _ATTEMPTS
    ) -> dict[str, Any]:
        """Send `queries/<name>.graphql` and return its `data`.

        Errors: TooCostly when the query must be made smaller, Unreachable when the shop keeps
        failing, ExtractError for anything that asking again would not mend.
        """
        given = dict(variables or {})
        sent = {"query": load_query(name), "variables": given}
        # Cost hangs on the document and the page size, so it is known after the first answer.
        size = (name, given.get("first") or len(given.get("ids", ())))
        for _ in range(REFUSED_TRIES):
            self._pause(self.points.seconds_until(self._costs.get(size, 0)))
            try:
                answer = self._patiently(lambda: self._post(name, sent), attempts)
            except Throttled as refusal:
                self._observe(refusal.extensions)
                self._costs[size] = refusal.requested_cost
                self._pause(self.points.seconds_after_refusal(refusal.requested_cost))
                continue
            self._observe(answer.extensions)
            self._costs[size] = self.last_cost = answer.requested_cost
            return answer.data
        raise Unreachable(
            f"{self.shop.store} throttles every try of {name}; another app uses up the points, "
            "run again later"
        )

    def rest(self, path_or_url: str, parameters: Mapping[str, str] | None = None) -> RestPage:
        """Get a path below the versioned API, a path from the root, or a next page verbatim.

        Errors: ExtractError, as `graphql`.
        """
        if path_or_url.startswith("/"):
            url = f"{self.shop.base_url}{path_or_url}"
        elif path_or_url.startswith(("http://", "https://")):
            url = self._own(path_or_url)
        else:
            url = f"{self.shop.api_url}/{path_or_url}"
        self._pause(self._calls.seconds_until_free())
        page, calls = self._patiently(lambda: self._get(url, parameters), _ATTEMPTS)
        self._calls.observe(calls)
        return page

    def download(self, url: str, path: Path, advance: Callable[[int], None]) -> int:
        """Stream a signed file to disk and return its bytes. It is asked for without the token.

        Errors: Unreachable when it can't be had in full.
        """
        return self._patiently(lambda: self._stream(url, path, advance), _ATTEMPTS)

    def pause(self, seconds: float) -> None:
        """Wait, for a caller that asks again and again."""
        self._pause(seconds)

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)

    def _observe(self, extensions: Mapping[str, Any]) -> None:
        status = (extensions.get("cost") or {}).get("throttleStatus")
        if status:
            self.points.observe(status)

    def _patiently(self, ask: Callable[[], T], attempts: int) -> T:
        backoff = wait_exponential(0.5, max=_LONGEST_WAIT_SECONDS) + wait_random(0, 0.5)

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked_for = error.wait_seconds if isinstance(error, Transient) else 0.0
            return max(backoff(state), asked_for)

        retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(attempts),
            wait=wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(ask)
        except Transient as error:
            reason = str(error)
        except _DROPPED as error:
            if _UNTRUSTED in str(error):
                raise ExtractError(
                    f"{self.shop.store} can't be reached safely: its certificate, or that of a "
                    "proxy on the way, is not trusted; set REQUESTS_CA_BUNDLE to a file of "
                    "certificates that you trust"
                ) from None
            # The text of these has the address, which may be signed.
            reason = type(error).__name__
        except requests.RequestException as error:
            raise ExtractError(
                f"{self.shop.store} can't be asked ({type(error).__name__}); check SHOPIFY_URL "
                "and the proxy settings"
            ) from None
        raise Unreachable(
            f"{self.shop.store} can't be reached ({reason}, {attempts} tries); "
            "check the network and SHOPIFY_STORE, then run again"
        ) from None

    def _post(self, name: str, sent: dict[str, Any]) -> answers.Answer:
        response = self._authorised(
            "POST", f"{self.shop.api_url}/graphql.json", json=sent, timeout=_TIMEOUT_SECONDS
        )
        return answers.read_answer(response, name)

    def _get(self, url: str, parameters: Mapping[str, str] | None) -> tuple[RestPage, str | None]:
        response = self._authorised("GET", url, params=parameters, timeout=_TIMEOUT_SECONDS)
        body = answers.read_json(response)
        if not isinstance(body, dict):
            raise Transient("answer without an object")
        next_url = response.links.get("next", {}).get("url")
        return RestPage(body, next_url), response.headers.get("X-Shopify-Shop-Api-Call-Limit")

    def _authorised(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send with the token, once more with a new one after a 401, and check the status."""
        for may_renew in (True, False):
            self.requests_made += 1
            response = self._session.request(
                method,
                url,
                headers={"X-Shopify-Access-Token": self._credentials.token()},
                # A redirect would take the token to another host.
                allow_redirects=False,
                **options,
            )
            if response.status_code == 401 and may_renew and self._credentials.renew():
                continue
            break
        answers.check_status(response, self.shop)
        if self.shop.api_url in url:
            self._check_version(response)
        if "Date" in response.headers:
            self.answered_at = response.headers["Date"]
        return response

    def _check_version(self, response: requests.Response) -> None:
        answered = response.headers.get("X-Shopify-API-Version")
        if answered is not None and answered != self.shop.api_version:
            raise ExtractError(
                f"{self.shop.store} answered with API version {answered[:20]} instead of "
                f"{self.shop.api_version}, which it serves no longer or not yet; "
                f"set SHOPIFY_API_VERSION={answered[:20]} once the queries are checked against it"
            )
        self.answered_version = answered

    def _own(self, url: str) -> str:
        ours, theirs = urlsplit(self.shop.base_url), urlsplit(url)
        if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
            raise ExtractError(
                f"{self.shop.store} gave a next page on another host; the token is not sent there"
            )
        return url

    def _stream(self, url: str, path: Path, advance: Callable[[int], None]) -> int:
        size = 0
        # A session of its own: no token, no cookies.
        with requests.Session() as session:
            session.trust_env = self._session.trust_env
            response = session.get(url, stream=True, timeout=_TIMEOUT_SECONDS)
            with response, path.open("wb") as file:
                answers.check_download(response)
                for chunk in response.iter_content(_CHUNK_BYTES):
                    file.write(chunk)
                    size += len(chunk)
                    advance(len(chunk))
        return size

    def server_time(self) -> float | None:
        """Return the shop's own clock from its last answer, in seconds since 1970."""
        if self.answered_at is None:
            return None
        return parsedate_to_datetime(self.answered_at).timestamp()
