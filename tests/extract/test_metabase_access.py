"""Whether we are let in: status codes, keys, sessions, and addresses where nobody answers."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from metabase_stub import (
    PASSWORD,
    Handler,
    Stub,
    assert_nothing_landed,
    assert_whole,
    extract_shop,
    failed_query,
    on_answers,
    once,
    status,
)

from extract.errors import ExtractError

Fault = Callable[[Handler, dict[str, Any]], bool]
_SQL_ERROR = "ERROR: column \"nope\" does not exist; value 'jane@example.com' of 0501234567"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (status(401, "Unauthenticated"), r"METABASE_API_KEY: 127.0.0.1:\d+ does not accept"),
        (status(403, "no"), "METABASE_DATABASE_ID 1: may not be queried"),
        (status(404, "no"), "METABASE_DATABASE_ID 1: may not be queried"),
        (status(302, "", Location="https://elsewhere.example.com/x"), "elsewhere.example.com"),
        (status(418, "no"), "answered with status 418"),
        (failed_query(_SQL_ERROR), 'column "nope" does not exist'),
        (failed_query(_SQL_ERROR, 200), 'column "nope" does not exist'),
        (failed_query(_SQL_ERROR, 400), 'column "nope" does not exist'),
        (status(400, "database is required"), "database is required"),
        (status(400), "refused"),
        (status(503, Retry_After="4000"), "asks to wait 4,000 s"),
    ],
)
def test_what_is_not_passing_is_said_at_once(
    stub: Stub, raw: Path, fault: Fault, says: str
) -> None:
    stub.faults = [on_answers(fault)]
    with pytest.raises(ExtractError, match=says) as caught:
        extract_shop(stub, raw)
    assert "\n" not in str(caught.value)
    assert not re.search("jane|0501234567|not-a-real", str(caught.value))
    assert_nothing_landed(raw)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (status(401, "Unauthenticated"), "METABASE_API_KEY"),
        (status(404, "no"), "may not be queried"),
        (failed_query(_SQL_ERROR), "does not exist"),
    ],
)
def test_a_fault_in_the_middle_of_a_run_lands_nothing(
    stub: Stub, raw: Path, fault: Fault, says: str
) -> None:
    stub.faults = [once(on_answers(fault), times=10_000, after=15)]
    with pytest.raises(ExtractError, match=says):
        extract_shop(stub, raw)
    assert_nothing_landed(raw)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:9", "the connection was refused or lost; nothing"),
        ("http://nobody.invalid", "its name is not known; nothing"),
        ("https://127.0.0.1:{port}", "does not speak https; does it want http"),
    ],
)
def test_nobody_there(stub: Stub, raw: Path, url: str, says: str) -> None:
    port = stub.url.rpartition(":")[2]
    with pytest.raises(ExtractError, match=says):
        extract_shop(stub, raw, metabase_url=url.format(port=port))
    assert_nothing_landed(raw)


_USER = {
    "metabase_api_key": None,
    "metabase_username": "analyst@example.com",
    "metabase_password": PASSWORD,
}


def _logins(fault: Fault) -> Fault:
    return lambda handler, body: handler.path == "/api/session" and fault(handler, body)


def test_a_session_is_used_again_and_renewed_when_it_ends(stub: Stub, raw: Path) -> None:
    expire = once(on_answers(status(401, "Unauthenticated")), after=3)
    stub.faults = [expire]
    extract_shop(stub, raw, **_USER)
    assert_whole(stub, raw)
    assert stub.logins == 2


def test_a_wrong_password_is_tried_once(stub: Stub, raw: Path) -> None:
    with pytest.raises(ExtractError, match="METABASE_USERNAME, METABASE_PASSWORD") as caught:
        extract_shop(stub, raw, **{**_USER, "metabase_password": "wrong-but-secret"})
    assert stub.logins == 1
    assert "wrong-but-secret" not in str(caught.value)
    assert_nothing_landed(raw)


@pytest.mark.parametrize("answer", ['"yes"', "[]", '{"id": 5}', '{"id": "line\\nbreak"}', "<html>"])
def test_a_login_that_is_none_is_said(stub: Stub, raw: Path, answer: str) -> None:
    def act(handler: Handler, _: dict[str, Any]) -> bool:
        handler.reply(200, answer.encode(), {})
        return True

    stub.faults = [_logins(act)]
    with pytest.raises(ExtractError, match="METABASE_URL: the login answered without a session"):
        extract_shop(stub, raw, **_USER)
    assert_nothing_landed(raw)


def test_too_many_logins_are_waited_for(stub: Stub, raw: Path) -> None:
    wait = {"errors": {"username": "Too many attempts! You must wait 0 seconds before trying."}}
    stub.faults = [once(_logins(status(400, wait)), times=2)]
    extract_shop(stub, raw, **_USER)
    assert_whole(stub, raw)
    assert stub.logins == 3


def test_a_long_ban_is_not_waited_for(stub: Stub, raw: Path) -> None:
    wait = {"errors": {"username": "Too many attempts! You must wait 3600 seconds."}}
    stub.faults = [_logins(status(400, wait))]
    with pytest.raises(ExtractError, match="asks to wait 3,600 s"):
        extract_shop(stub, raw, **_USER)
    assert_nothing_landed(raw)
