"""Access tokens: a permanent one, or one that an app asks for and renews (client credentials)."""

from typing import Protocol

import requests
from pydantic import SecretStr

from extract.errors import ExtractError
from extract.shopify.answers import Transient
from extract.shopify.shop import Shop

_TIMEOUT_SECONDS = (10, 60)


class Credentials(Protocol):
    """Gives the token for a request."""

    def token(self) -> str:
        """Return a token, asking for one where there is none yet."""

    def renew(self) -> bool:
        """After a refusal: get another token and say so, or say that there is no other."""


class PermanentToken:
    """The Admin API token of a custom app."""

    def __init__(self, token: SecretStr) -> None:
        self._token = token

    def token(self) -> str:
        """Return the token."""
        return self._token.get_secret_value()

    def renew(self) -> bool:
        """There is no other token."""
        return False


class ClientCredentials:
    """An app of the shop's own organisation; its tokens live for a day."""

    def __init__(self, shop: Shop, session: requests.Session) -> None:
        self._shop = shop
        self._session = session
        self._current: SecretStr | None = None

    def token(self) -> str:
        """Return the token in use, asking for the first one.

        Errors: ExtractError when the app is refused.
        """
        if self._current is None:
            self._current = self._ask()
        return self._current.get_secret_value()

    def renew(self) -> bool:
        """Ask for a new token in place of the one that was refused."""
        self._current = self._ask()
        return True

    def _ask(self) -> SecretStr:
        secret = self._shop.client_secret
        form = {
            "grant_type": "client_credentials",
            "client_id": self._shop.client_id or "",
            "client_secret": secret.get_secret_value() if secret else "",
        }
        response = self._session.post(
            f"{self._shop.base_url}/admin/oauth/access_token",
            data=form,
            timeout=_TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        if response.status_code >= 500 or response.status_code == 429:
            # The client's own retries take this one.
            raise Transient(f"HTTP {response.status_code}")
        answer = _read_object(response)
        token = answer.get("access_token")
        if response.status_code != 200 or not isinstance(token, str):
            reason = str(answer.get("error") or f"HTTP {response.status_code}")[:80]
            raise ExtractError(
                f"{self._shop.store} gives the app no token ({reason}); check SHOPIFY_CLIENT_ID, "
                "SHOPIFY_CLIENT_SECRET and that the app is installed in this shop"
            )
        return SecretStr(token)


def _read_object(response: requests.Response) -> dict[str, object]:
    try:
        answer = response.json()
    except requests.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def read_credentials(shop: Shop, session: requests.Session) -> Credentials:
    """Choose by what is set; a permanent token comes first."""
    if shop.access_token is not None:
        return PermanentToken(shop.access_token)
    return ClientCredentials(shop, session)
