"""Looks before reading: which shop answers, what the app may see, and how far back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from extract.errors import ExtractError
from extract.shopify.client import ShopifyClient
from extract.shopify.values import number_of
from extract.shopify.window import ReadWindow, moment

# Without read_all_orders older orders are left out, and nothing in the answers says so.
VISIBLE_DAYS = 60
_ALL_ORDERS = "read_all_orders"
_NEEDED = {
    "graphql": ("read_orders", "read_returns", "read_customers"),
    "rest": ("read_orders", "read_customers"),
}


@dataclass(frozen=True)
class Preflight:
    """What the shop says of itself and of us."""

    shop_id: str
    shop_name: str
    domain: str
    currency: str
    time_zone: str
    plan: str | None
    api_version: str | None
    scopes: tuple[str, ...]
    oldest_order_at: str | None

    @property
    def sees_all_orders(self) -> bool:
        """Whether orders older than 60 days are visible."""
        return _ALL_ORDERS in self.scopes


def look(client: ShopifyClient, api: str) -> Preflight:
    """Ask the shop about itself and check the scopes.

    Errors: ExtractError when the shop is another than asked for or a scope is missing.
    """
    seen = _look_by_rest(client) if api == "rest" else _look_by_graphql(client)
    store = client.shop.store
    if seen.domain.partition(".")[0] != store:
        raise ExtractError(
            f"the shop that answers is {seen.domain.partition('.')[0]}, not {store}; "
            "correct SHOPIFY_STORE or SHOPIFY_URL"
        )
    return seen


def check_reach(
    seen: Preflight, window: ReadWindow, now: datetime, *, allow_partial: bool
) -> Sequence[str]:
    """Hold the window against what is visible; return warnings for the manifest.

    Errors: ExtractError when orders older than 60 days are asked for and can't be seen, unless
    `allow_partial`.
    """
    if seen.sees_all_orders:
        return []
    horizon = now - timedelta(days=VISIBLE_DAYS)
    if window.since is not None and window.since >= horizon:
        return [
            f"without scope {_ALL_ORDERS} changes to orders older than {VISIBLE_DAYS} days are "
            "not seen; grant it to the app"
        ]
    oldest = seen.oldest_order_at or "none"
    first_day = moment(horizon + timedelta(days=1))[:10]
    if not allow_partial:
        raise ExtractError(
            f"the app lacks scope {_ALL_ORDERS}, so Shopify leaves out orders older than "
            f"{VISIBLE_DAYS} days without saying so (oldest visible: {oldest}); grant "
            f"{_ALL_ORDERS}, set SHOPIFY_SINCE to {first_day} or later, or accept "
            "the gap with --allow-partial"
        )
    return [
        f"partial: without scope {_ALL_ORDERS} orders older than {VISIBLE_DAYS} days are missing "
        f"(oldest visible: {oldest}); once it is granted, the next run loads everything"
    ]


def _look_by_graphql(client: ShopifyClient) -> Preflight:
    data = client.graphql("preflight")
    shop = data["shop"]
    scopes = tuple(scope["handle"] for scope in data["currentAppInstallation"]["accessScopes"])
    _check_scopes(scopes, "graphql")
    oldest = client.graphql("oldest_order")["orders"]["nodes"]
    return Preflight(
        number_of(shop["id"]),
        shop["name"],
        shop["myshopifyDomain"],
        shop["currencyCode"],
        shop["ianaTimezone"],
        shop["plan"]["publicDisplayName"],
        client.answered_version,
        scopes,
        oldest[0]["createdAt"] if oldest else None,
    )


def _look_by_rest(client: ShopifyClient) -> Preflight:
    granted = client.rest("/admin/oauth/access_scopes.json").body["access_scopes"]
    scopes = tuple(scope["handle"] for scope in granted)
    _check_scopes(scopes, "rest")
    shop = client.rest("shop.json").body["shop"]
    asked = {"status": "any", "limit": "1", "order": "created_at asc", "fields": "id,created_at"}
    oldest = client.rest("orders.json", asked).body["orders"]
    return Preflight(
        str(shop["id"]),
        shop["name"],
        shop["myshopify_domain"],
        shop["currency"],
        shop["iana_timezone"],
        shop.get("plan_display_name"),
        client.answered_version,
        scopes,
        oldest[0]["created_at"] if oldest else None,
    )


def _check_scopes(scopes: Sequence[str], api: str) -> None:
    # Write access brings read access with it, and Shopify does not always list both.
    granted = {*scopes, *(scope.replace("write_", "read_", 1) for scope in scopes)}
    if _ALL_ORDERS in granted:
        granted.add("read_orders")
    missing = [scope for scope in _NEEDED[api] if scope not in granted]
    if missing:
        raise ExtractError(
            f"the app lacks the scopes {', '.join(missing)}; grant them in the app's settings and "
            "install it again"
        )
