"""Access tokens: the permanent one of a legacy app, and those that a client's credentials buy."""

import time
from collections.abc import Callable, Mapping
from typing import Any

CLIENT_ID = "demo-client-id"
CLIENT_SECRET = "demo-client-secret"
LIFE_SECONDS = 86_399
"""Client-credentials tokens live a day."""


class Tokens:
    """The tokens of one shop. They are no secrets: the shop is made up and local."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.permanent = "shpat_demo_permanent"
        self.life_seconds: float = LIFE_SECONDS
        self._clock = clock
        self._granted: dict[str, float] = {}
        self._count = 0
        self._revoked: set[str] = set()

    def knows(self, token: str | None) -> bool:
        """Say whether a token opens the shop now."""
        if token is None or token in self._revoked:
            return False
        return token == self.permanent or self._granted.get(token, 0.0) > self._clock()

    def grant(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a new token for the right credentials, else None."""
        if (
            asked.get("grant_type") != "client_credentials"
            or asked.get("client_id") != CLIENT_ID
            or asked.get("client_secret") != CLIENT_SECRET
        ):
            return None
        self._count += 1
        token = f"shpat_demo_granted_{self._count:04d}"
        self._granted[token] = self._clock() + self.life_seconds
        return {"access_token": token, "expires_in": int(self.life_seconds)}

    def revoke_all(self) -> None:
        """Take back every token given out so far, the permanent one too."""
        self._revoked |= {self.permanent, *self._granted}
