"""Who may see and do what: one user on this machine, or people who sign in by OpenID Connect.

Roles are kept beside Streamlit's own `[auth]` in the secrets file:

    [roles]
    viewer = ["ana@example.com"]
    manager = ["omar@example.com"]      # decides, and sees who decided what
    restricted = ["rita@example.com"]   # sees names and contacts of customers

A role does not hold another one, except that every role may look at the pages.
"""

import getpass
import ipaddress
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serve.errors import ConfigurationError
from serve.files import shown

SECRETS_VARIABLE = "DASHBOARD_SECRETS"
ROLES = ("viewer", "manager", "restricted")
_AUTH_SETTINGS = ("redirect_uri", "cookie_secret")
_PROVIDER_SETTINGS = ("client_id", "client_secret", "server_metadata_url")


@dataclass(frozen=True)
class Person:
    """Who looks at the page. `name` is what decisions are recorded under."""

    name: str
    roles: frozenset[str]

    @property
    def may_decide(self) -> bool:
        """Whether decisions may be recorded."""
        return "manager" in self.roles

    @property
    def may_see_contacts(self) -> bool:
        """Whether names and contacts may be shown."""
        return "restricted" in self.roles


@dataclass(frozen=True)
class SignIn:
    """Who has which role, by e-mail address in lower case."""

    roles: Mapping[str, frozenset[str]]

    def person(self, user: Mapping[str, Any]) -> Person | None:
        """Return the person of an identity; None for one without a role or a proven address."""
        email = str(user.get("email") or "").strip().lower()
        # Whoever can register any address with the provider must not become its owner here.
        if not email or user.get("email_verified") is False:
            return None
        roles = self.roles.get(email)
        return Person(_name_of(email), roles) if roles else None


def local_person() -> Person:
    """Return the one user of this machine, who owns the files anyway."""
    return Person(os.environ.get("DECISION_ACTOR") or getpass.getuser(), frozenset(ROLES))


def secrets_file(project_dir: Path) -> Path:
    """Return where sign-in is configured."""
    given = os.environ.get(SECRETS_VARIABLE)
    return Path(given).absolute() if given else project_dir / ".streamlit" / "secrets.toml"


def read_sign_in(path: Path) -> SignIn | None:
    """Read who may sign in; None when no sign-in is configured.

    Errors: ConfigurationError for half a configuration; no value of it is quoted.
    """
    if not path.exists():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"{shown(path)} can't be read ({type(error).__name__}); write it as TOML"
        ) from None
    auth = content.get("auth")
    if not isinstance(auth, dict):
        return None
    missing = [name for name in (*_AUTH_SETTINGS, *_PROVIDER_SETTINGS) if not auth.get(name)]
    if missing:
        raise ConfigurationError(f"{shown(path)}: [auth] has no {', '.join(missing)}; add it")
    given = content.get("roles")
    if not isinstance(given, dict) or not given:
        raise ConfigurationError(
            f"{shown(path)}: nobody has a role; add [roles] with {', '.join(ROLES)}"
        )
    roles: dict[str, set[str]] = {}
    for role, emails in given.items():
        if role not in ROLES or not isinstance(emails, list):
            raise ConfigurationError(
                f"{shown(path)}: [roles] {role} is no list of a role; roles are {', '.join(ROLES)}"
            )
        for email in emails:
            roles.setdefault(str(email).strip().lower(), set()).add(role)
    names = [_name_of(email) for email in roles]
    if double := next((name for name in names if names.count(name) > 1), None):
        # Decisions are recorded under the name, so two people must not share one.
        raise ConfigurationError(
            f"{shown(path)}: [roles] has two addresses that begin with {double}@; "
            "give one of them another address"
        )
    return SignIn({email: frozenset(found) for email, found in roles.items()})


def _name_of(email: str) -> str:
    return email.partition("@")[0]


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can reach an address; without one, everybody can."""
    if not address:
        return False
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def refuse_open_door(address: str | None, sign_in: SignIn | None) -> None:
    """Stop anything but loopback without sign-in.

    Errors: ConfigurationError that says what to configure.
    """
    if sign_in is None and not is_loopback(address):
        raise ConfigurationError(
            f"{address or 'every address'} is reachable from other machines, and no sign-in is "
            f"configured; add [auth] and [roles] to .streamlit/secrets.toml (or {SECRETS_VARIABLE})"
            ", or listen on 127.0.0.1"
        )
