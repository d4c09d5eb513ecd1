"""Which shop, by which API and with which credentials: the settings, checked and put together."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from extract.errors import ExtractError
from extract.settings import Settings

# The newest stable version when this was written; SHOPIFY_API_VERSION takes its place.
API_VERSION = "2026-10"

_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]*")
_VERSION = re.compile(r"\d{4}-(01|04|07|10)|unstable")
_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]+")
_DOMAIN = ".myshopify.com"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Shop:
    """One shop and how to reach it. Either a permanent token, or an app's id and secret."""

    store: str
    base_url: str
    api_version: str
    access_token: SecretStr | None
    client_id: str | None
    client_secret: SecretStr | None

    @property
    def is_local(self) -> bool:
        """Whether it is a server on this machine, as in tests and the demo."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @property
    def api_url(self) -> str:
        """The versioned root of both APIs."""
        return f"{self.base_url}/admin/api/{self.api_version}"


def shop_is_configured(settings: Settings) -> bool:
    """Whether any setting says that there is a shop to read."""
    named = settings.shopify_store or settings.shopify_url
    return bool(named or settings.shopify_access_token or settings.shopify_client_id)


def read_shop(settings: Settings) -> Shop:
    """Check the settings of the shop.

    Errors: ExtractError naming the setting that is missing or wrong.
    """
    store = _read_handle(settings.shopify_store or "")
    token = _read_token(settings.shopify_access_token)
    base_url = _read_url(settings.shopify_url or f"https://{store}{_DOMAIN}")
    version = settings.shopify_api_version or API_VERSION
    if not _VERSION.fullmatch(version):
        raise ExtractError(
            f"SHOPIFY_API_VERSION: {version!r} is no version; use one such as {API_VERSION}"
        )
    shop = Shop(
        store,
        base_url,
        version,
        token,
        settings.shopify_client_id,
        settings.shopify_client_secret,
    )
    if not base_url.startswith("https://") and not shop.is_local:
        raise ExtractError(
            "SHOPIFY_URL: the token is sent over https only; write it as https://..."
        )
    if shop.access_token is None and (shop.client_id is None or shop.client_secret is None):
        raise ExtractError(
            "SHOPIFY_STORE is set without credentials; set SHOPIFY_ACCESS_TOKEN, or "
            "SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET"
        )
    return shop


def _read_url(text: str) -> str:
    url = text.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise ExtractError(
            "SHOPIFY_URL: this is no address; write it as https://hewyn.myshopify.com, or leave "
            "it out"
        )
    return url


def _read_token(given: SecretStr | None) -> SecretStr | None:
    if given is None:
        return None
    token = given.get_secret_value().strip()
    # What a header can't carry would fail with the token in the error.
    if not _TOKEN.fullmatch(token):
        raise ExtractError(
            "SHOPIFY_ACCESS_TOKEN: there are spaces, quotes or letters in it that no token has; "
            "copy it again"
        )
    return SecretStr(token)


def _read_handle(text: str) -> str:
    handle = text.strip().lower().removeprefix("https://").rstrip("/").removesuffix(_DOMAIN)
    if not _HANDLE.fullmatch(handle):
        raise ExtractError(
            "SHOPIFY_STORE: write the handle of the shop, such as hewyn for hewyn.myshopify.com"
        )
    return handle
