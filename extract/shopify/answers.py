"""Tells good answers from bad ones, and among the bad those worth asking again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from extract.errors import ExtractError
from extract.shopify.shop import Shop

# Messages of Shopify's own; longer ones are cut so that an error stays a line.
_LONGEST_MESSAGE = 240
# Customers' names and addresses take an approval beside the scope.
_UNAPPROVED = "not approved"


class Transient(Exception):
    """Worth asking again; `wait_seconds` is what the shop asked for, if it did."""

    def __init__(self, reason: str, wait_seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


class Throttled(Exception):
    """The bucket of points was too empty: HTTP 200, no Retry-After."""

    def __init__(self, extensions: Mapping[str, Any]) -> None:
        super().__init__("THROTTLED")
        self.extensions = extensions
        self.requested_cost = _requested_cost(extensions)


class TooCostly(ExtractError):
    """One query may cost so much and no more: asking again is useless, asking for less is not."""

    def __init__(self, name: str, cost: int, most: int) -> None:
        super().__init__(f"query {name} costs {cost} points and may cost {most}")
        self.cost = cost
        self.most = most


@dataclass(frozen=True)
class Answer:
    """The `data` and `extensions` of a GraphQL answer without errors."""

    data: dict[str, Any]
    extensions: dict[str, Any]

    @property
    def requested_cost(self) -> int:
        """Points that the query was taken to cost before it ran."""
        return _requested_cost(self.extensions)


def check_status(response: requests.Response, shop: Shop) -> None:
    """Accept 200 only.

    Errors: Transient for 429 and 5xx, ExtractError with what to do for the others.
    """
    status = response.status_code
    if status == 200:
        return
    if status in (408, 429) or status >= 500:
        raise Transient(f"HTTP {status}", _retry_after(response))
    told = {
        400: "the request was refused; if SHOPIFY_API_VERSION is set, check it",
        401: "the access token was refused; check SHOPIFY_ACCESS_TOKEN and that it is this shop's",
        402: "the shop is frozen; its owner must settle the account with Shopify",
        403: "access was refused; check the scopes and that the app is still installed",
        404: "there is no such shop or API version; check SHOPIFY_STORE and SHOPIFY_API_VERSION",
        423: "the shop is locked; ask Shopify",
    }.get(status, "unexpected answer; check SHOPIFY_STORE and SHOPIFY_URL")
    raise ExtractError(f"{shop.store} answered HTTP {status}: {told}")


def check_download(response: requests.Response) -> None:
    """Accept 200 only for a signed file, whose address expires.

    Errors: Transient for 429 and 5xx, ExtractError for the others.
    """
    status = response.status_code
    if status in (408, 429) or status >= 500:
        raise Transient(f"HTTP {status}", _retry_after(response))
    if status != 200:
        raise ExtractError(f"the result of the bulk operation answered HTTP {status}; run again")


def read_json(response: requests.Response) -> Any:
    """Parse a body, keeping decimals of numbers as the text that was sent.

    Errors: Transient when it is not JSON, because then it was cut short.
    """
    try:
        return json.loads(response.content, parse_float=str)
    except ValueError:
        raise Transient("cut or garbled body") from None


def read_answer(response: requests.Response, name: str) -> Answer:
    """Read the answer of a GraphQL query.

    Errors: Transient, Throttled, TooCostly, or ExtractError for every other error and for warnings
    about the search, because a filter that is not understood is left out in silence.
    """
    body = read_json(response)
    if not isinstance(body, dict):
        raise ExtractError(f"query {name} was answered without an object")
    extensions = body.get("extensions") or {}
    errors = body.get("errors")
    if errors:
        _raise_error(errors, extensions, name)
    for search in extensions.get("search") or ():
        for warning in search.get("warnings") or ():
            raise ExtractError(
                f"query {name}: Shopify does not understand the filter on "
                f"{str(warning.get('field'))[:40]!r} ({str(warning.get('code'))[:40]}), so "
                "it would return other rows than asked for; update the extractor"
            )
    data = body.get("data")
    if not isinstance(data, dict):
        raise Transient("answer without data")
    return Answer(data, extensions)


def check_user_errors(payload: Mapping[str, Any], name: str) -> None:
    """Accept a mutation's payload without `userErrors`.

    Errors: ExtractError with the first of them.
    """
    for error in payload.get("userErrors") or ():
        message = str(error.get("message"))[:_LONGEST_MESSAGE]
        raise ExtractError(f"{name} was refused ({error.get('code')}): {message}")


def _raise_error(errors: Any, extensions: Mapping[str, Any], name: str) -> None:
    first = errors[0] if isinstance(errors, list) else {"message": errors}
    known = {
        (error.get("extensions") or {}).get("code"): error
        for error in (errors if isinstance(errors, list) else [first])
    }
    if "THROTTLED" in known:
        raise Throttled(extensions)
    if "MAX_COST_EXCEEDED" in known:
        about = known["MAX_COST_EXCEEDED"]["extensions"]
        raise TooCostly(name, int(about.get("cost") or 0), int(about.get("maxCost") or 1000))
    if "INTERNAL_SERVER_ERROR" in known:
        raise Transient("INTERNAL_SERVER_ERROR")
    message = " ".join(str(first.get("message")).split())[:_LONGEST_MESSAGE]
    if _UNAPPROVED in message:
        raise ExtractError(
            f"query {name}: {message} Ask for access to protected customer data in the app's "
            "settings; the shop's plan may rule it out"
        )
    if "ACCESS_DENIED" in known:
        raise ExtractError(
            f"query {name}: {message} Grant the scope to the app and install it again"
        )
    raise ExtractError(f"query {name} was refused: {message}")


def _requested_cost(extensions: Mapping[str, Any]) -> int:
    return int(float((extensions.get("cost") or {}).get("requestedQueryCost") or 0))


def _retry_after(response: requests.Response) -> float:
    try:
        # Shopify sends decimals, such as 4.0.
        return max(0.0, float(response.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0
