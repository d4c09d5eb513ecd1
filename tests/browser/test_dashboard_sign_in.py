"""Signing in by OpenID Connect, with a provider on this machine and a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openid_provider
import pytest
from conftest import free_port, serving

SECRETS = """
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "a-long-random-text-of-this-test-alone"
client_id = "{client_id}"
client_secret = "{client_secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"

[roles]
viewer = ["ana@example.com"]
manager = ["omar@example.com"]
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[openid_provider.Provider]:
    with openid_provider.running() as provider:
        yield provider


@pytest.fixture(scope="module")
def guarded(
    home: Path, provider: openid_provider.Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    port = free_port()
    secrets: Path = tmp_path_factory.mktemp("sign-in") / "secrets.toml"
    secrets.write_text(
        SECRETS.format(
            address=f"http://127.0.0.1:{port}",
            client_id=openid_provider.CLIENT_ID,
            client_secret=openid_provider.CLIENT_SECRET,
            issuer=provider.issuer,
        ),
        encoding="utf-8",
    )
    with serving(home, port, {"DASHBOARD_SECRETS": str(secrets)}) as address:
        yield address


def _sign_in(tab: Any, guarded: str, provider: openid_provider.Provider, **claims: Any) -> None:
    provider.identity = claims
    tab.goto(f"{guarded}/decisions")
    tab.get_by_role("button", name="Sign in").click()
    # By way of the provider, back to the first page.
    tab.wait_for_url(f"{guarded}/")


def test_nothing_is_shown_before_sign_in(tab: Any, guarded: str) -> None:
    tab.goto(guarded)
    tab.get_by_role("button", name="Sign in").wait_for()
    assert tab.get_by_text("Refund rate").count() == 0


def test_a_manager_decides(tab: Any, guarded: str, provider: openid_provider.Provider) -> None:
    _sign_in(tab, guarded, provider, email="omar@example.com", email_verified=True)
    tab.goto(f"{guarded}/decisions")
    tab.get_by_role("button", name="Resolve").first.wait_for()


def test_a_viewer_looks_and_does_not_decide(
    tab: Any, guarded: str, provider: openid_provider.Provider
) -> None:
    _sign_in(tab, guarded, provider, email="ana@example.com", email_verified=True)
    tab.get_by_role("heading", name="Dashboard").wait_for()
    tab.goto(f"{guarded}/decisions")
    tab.get_by_role("heading", name="Decisions").wait_for()
    assert tab.get_by_role("button", name="Resolve").count() == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@example.com", "email_verified": True},
        {"email": "omar@example.com", "email_verified": False},
    ],
    ids=["no role", "address not proven"],
)
def test_whoever_has_no_role_sees_nothing(
    tab: Any, guarded: str, provider: openid_provider.Provider, claims: dict[str, Any]
) -> None:
    _sign_in(tab, guarded, provider, **claims)
    tab.get_by_text("have no role here").wait_for()
    assert tab.get_by_text("Refund rate").count() == 0
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("button", name="Sign in").wait_for()
