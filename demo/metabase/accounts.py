"""Who may ask: an API key, one user, sessions that end, and a brake on guessing passwords."""

import secrets
import threading
import time
from dataclasses import dataclass, field

from demo.metabase.errors import Refusal
from demo.metabase.faults import Faults

_MOST_FAILURES = 10
_FIRST_WAIT = 15.0
_WAIT_GROWTH = 1.5
_FAULT_WAIT = 1


@dataclass
class Accounts:
    """The one key and the one user of a server. `session_minutes` as MAX_SESSION_AGE."""

    api_key: str
    username: str
    password: str
    session_minutes: float
    generation: int
    faults: Faults
    _sessions: dict[str, float] = field(default_factory=dict)
    _failures: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def log_in(self, body: object) -> str:
        """Return a new session. Errors: Refusal for wrong words or too many attempts."""
        given = body if isinstance(body, dict) else {}
        for name in ("username", "password"):
            if not isinstance(given.get(name), str) or not given[name].strip():
                message = "value must be a non-blank string."
                raise Refusal(400, {"errors": {name: message}})
        if self.faults.strikes("login_rate_limited"):
            raise self._too_many(_FAULT_WAIT)
        with self._lock:
            self._slow_down()
            is_right = secrets.compare_digest(
                (given["username"].lower() + "\0" + given["password"]).encode(),
                (self.username.lower() + "\0" + self.password).encode(),
            )
            if not is_right:
                self._failures.append(time.monotonic())
                raise Refusal(401, {"errors": {"password": "did not match stored password"}})
            session = secrets.token_hex(16)
            session = "-".join(
                (session[:8], session[8:12], session[12:16], session[16:20], session[20:])
            )
            self._sessions[session] = time.monotonic() + self.session_minutes * 60
            return session

    def is_in(self, session: str) -> bool:
        """Tell whether a session is in force."""
        with self._lock:
            return self._sessions.get(session, 0) > time.monotonic()

    def log_out(self, session: str | None) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(session or "", None)

    def check(self, api_key: str | None, session: str | None) -> None:
        """Let a request pass. Errors: Refusal 401 without a right key or a session in force."""
        if api_key is not None and secrets.compare_digest(api_key.encode(), self.api_key.encode()):
            return
        with self._lock:
            if session is not None and self._sessions.get(session, 0) > time.monotonic():
                return
            self._sessions.pop(session or "", None)
        raise Refusal(401, "Unauthenticated")

    def _slow_down(self) -> None:
        now = time.monotonic()
        self._failures = [one for one in self._failures if now - one < 3600]
        beyond = len(self._failures) - _MOST_FAILURES
        if beyond < 0:
            return
        wait = _FIRST_WAIT * _WAIT_GROWTH**beyond - (now - self._failures[-1])
        if wait > 0:
            raise self._too_many(round(wait))

    def _too_many(self, seconds: int) -> Refusal:
        # The first generation answers 400; later ones turn every failure of a login into a 401.
        message = f"Too many attempts! You must wait {seconds} seconds before trying again."
        return Refusal(400 if self.generation == 1 else 401, {"errors": {"username": message}})
