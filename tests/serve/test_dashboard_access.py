from pathlib import Path

import pytest
from click.testing import CliRunner

from serve.cli import cli
from serve.dashboard.access import is_loopback, read_sign_in, refuse_open_door
from serve.dashboard.launch import command
from serve.errors import ConfigurationError

SIGN_IN = """
[auth]
redirect_uri = "https://refunds.example.com/oauth2callback"
cookie_secret = "a-long-random-text"
client_id = "refunds"
client_secret = "not-to-be-shown"
server_metadata_url = "https://login.example.com/.well-known/openid-configuration"
"""
ROLES = """
[roles]
viewer = ["Ana@example.com"]
manager = ["omar@example.com"]
restricted = ["omar@example.com"]
"""


def secrets(folder: Path, text: str) -> Path:
    path = folder / "secrets.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_needs_no_sign_in(address: str) -> None:
    refuse_open_door(address, None)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "refunds.example.com", None])
def test_other_addresses_are_refused_without_sign_in(address: str | None, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no sign-in is configured"):
        refuse_open_door(address, None)
    refuse_open_door(address, read_sign_in(secrets(tmp_path, SIGN_IN + ROLES)))


def test_the_command_refuses_before_anything_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SECRETS", str(secrets(tmp_path, "")))
    result = CliRunner().invoke(cli, ["dashboard", "--address", "0.0.0.0"])
    assert isinstance(result.exception, ConfigurationError)
    assert "reachable from other machines" in str(result.exception)


def test_roles_belong_to_proven_addresses(tmp_path: Path) -> None:
    sign_in = read_sign_in(secrets(tmp_path, SIGN_IN + ROLES))
    assert sign_in is not None
    omar = sign_in.person({"email": "Omar@Example.com", "email_verified": True})
    assert omar is not None and omar.may_decide and omar.may_see_contacts
    ana = sign_in.person({"email": "ana@example.com"})
    assert ana is not None and not ana.may_decide and not ana.may_see_contacts
    assert sign_in.person({"email": "omar@example.com", "email_verified": False}) is None
    assert sign_in.person({"email": "stranger@example.com"}) is None
    assert sign_in.person({}) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SIGN_IN, "nobody has a role"),
        (SIGN_IN.replace("client_id", "client") + ROLES, "has no client_id"),
        (SIGN_IN + '[roles]\nadmin = ["a@example.com"]', "is no list of a role"),
        (SIGN_IN + ROLES.replace("Ana@", "omar@an."), "two addresses"),
        ("[auth", "write it as TOML"),
    ],
)
def test_half_a_configuration_is_refused_without_its_secrets(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        read_sign_in(secrets(tmp_path, text))
    assert "not-to-be-shown" not in str(caught.value)


def test_streamlit_is_told_to_keep_quiet_and_to_answer_this_machine_alone() -> None:
    arguments = command("127.0.0.1", 8501, None)
    assert "--server.address=127.0.0.1" in arguments
    assert "--server.allowedHosts=localhost" in arguments
    assert "--browser.gatherUsageStats=false" in arguments
    assert "--client.showErrorDetails=none" in arguments
    assert not any("allowedHosts" in argument for argument in command("10.0.0.5", 8501, None))
    assert not is_loopback("127.0.0.1.example.com")
