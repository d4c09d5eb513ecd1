"""Each fault looks as it does on a real server, happens as often as asked for, and passes."""

import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from metabase_shop import Asked, serving

from demo import DemoError
from demo.metabase import KINDS
from demo.metabase.faults import Faults

ITEMS = "select order_item_id, sku from order_items order by order_item_id"


def _whole(asked: Asked) -> str:
    text: str = asked.csv(ITEMS).text
    assert len(text.splitlines()) == asked.server.table_counts()["order_items"] + 1
    return text


def _log_in(asked: Asked, **words: str) -> requests.Response:
    body = {"username": asked.server.username, "password": asked.server.password, **words}
    return requests.post(f"{asked.server.url}/api/session", json=body, timeout=30)


@pytest.mark.parametrize(
    ("fault", "status"),
    [("http_500", 500), ("http_503_pool", 503), ("error_in_200", 200), ("error_in_202", 202)],
)
def test_a_passing_failure_comes_twice_after_the_first_query(fault: str, status: int) -> None:
    with serving(fault) as asked:
        first = asked.dataset("select 1")
        failed = [asked.dataset("select 1") for _ in range(2)]
        last = asked.dataset("select 1")
        assert first.json()["status"] == last.json()["status"] == "completed"
        assert [response.status_code for response in failed] == [status, status]
        if fault.startswith("error_in"):
            assert {response.json()["status"] for response in failed} == {"failed"}
            assert all(response.json()["error"] for response in failed)
        assert asked.server.faults == {fault: 2}


def test_an_error_in_200_is_the_body_of_a_download_too() -> None:
    with serving("error_in_200") as asked:
        _whole(asked)
        response = asked.csv(ITEMS)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "text/csv")
        assert response.json()["status"] == "failed"


@pytest.mark.parametrize(
    ("fault", "status"), [("http_400", 400), ("http_403", 403), ("http_404", 404)]
)
def test_a_lasting_failure_never_passes(fault: str, status: int) -> None:
    with serving(fault) as asked:
        assert {asked.dataset("select 1").status_code for _ in range(4)} == {status}
        assert asked.csv("select 1").status_code == status
        assert asked.post("/api/card/1/query", {}).status_code == status


def test_downloads_alone_are_forbidden() -> None:
    with serving("downloads_forbidden") as asked:
        assert asked.dataset("select 1").json()["row_count"] == 1
        response = asked.csv("select 1")
        assert (response.status_code, response.text) == (
            403,
            "You don't have permissions to do that.",
        )


def test_a_csv_ends_in_a_json_error_and_closes_well() -> None:
    with serving("csv_json_error_tail=1") as asked:
        whole = _whole(asked)
        broken = asked.csv(ITEMS)
        assert broken.status_code == 200
        lines = broken.text.splitlines()
        assert json.loads(lines[-1])["status"] == "failed"
        assert whole.startswith("\n".join(lines[:-1]))
        assert 100 < len(lines) < len(whole.splitlines())
        assert asked.json("select 1 as a").json() == [{"a": 1}]
        assert asked.csv(ITEMS).text == whole


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_cut_stream_lacks_its_end(encoding: str) -> None:
    with serving("cut_stream=1") as asked:
        whole = _whole(asked)
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            asked.csv(ITEMS, headers={"Accept-Encoding": encoding})
        assert asked.csv(ITEMS).text == whole


def test_a_cut_stream_hits_the_api_too() -> None:
    with serving("cut_stream=1") as asked:
        assert asked.rows("select 1") == [[1]]
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            asked.dataset("select order_id from orders")


def test_a_quiet_cut_can_be_told_by_the_count_alone() -> None:
    with serving("quiet_cut=2") as asked:
        whole = _whole(asked)
        half = asked.csv(ITEMS).text
        assert whole.startswith(half)
        assert len(half.splitlines()) == (len(whole.splitlines()) - 1) // 2 + 1
        with pytest.raises(requests.exceptions.JSONDecodeError):
            asked.dataset("select order_id from orders").json()


def test_a_gzip_cut_is_seen_by_its_missing_end_only() -> None:
    with serving("gzip_cut=1") as asked:
        whole = _whole(asked)
        response = asked.csv(ITEMS, stream=True)
        raw = b"".join(response.raw.stream(decode_content=False))
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        assert inflate.decompress(raw).decode() == whole
        assert not inflate.eof
        assert asked.csv(ITEMS, headers={"Accept-Encoding": "identity"}).text == whole


def test_an_expired_session_can_log_in_again() -> None:
    with serving("http_401_expired_session=1") as asked:
        url = f"{asked.server.url}/api/dataset"

        def status(session: str) -> int:
            headers = {"X-Metabase-Session": session}
            body = asked.query("select 1")
            return requests.post(url, json=body, headers=headers, timeout=30).status_code

        session = _log_in(asked).json()["id"]
        assert [status(session) for _ in range(3)] == [202, 401, 401]
        assert status(_log_in(asked).json()["id"]) == 202
        assert asked.dataset("select 1").status_code == 202


@pytest.mark.parametrize(("generation", "status"), [(1, 400), (2, 401)])
def test_logging_in_is_refused_for_a_second(generation: int, status: int) -> None:
    with serving("login_rate_limited=1", generation=generation) as asked:
        refused = _log_in(asked)
        assert refused.status_code == status
        assert refused.json() == {
            "errors": {
                "username": "Too many attempts! You must wait 1 seconds before trying again."
            }
        }
        assert _log_in(asked).status_code == 200


def test_a_long_query_times_out_until_its_window_is_small() -> None:
    with serving("query_timeout=100") as asked:
        late = asked.dataset(f"{ITEMS} limit 10")
        assert late.json()["error"] == "Timed out after 20.0 minutes."
        assert (late.status_code, late.json()["error_type"]) == (400, "timed-out")
        assert asked.csv("select order_id from orders where order_id < 100100").status_code == 200
        assert asked.dataset("select count(*) from orders").json()["status"] == "completed"
        assert asked.server.faults == {"query_timeout": 1}


def test_a_proxy_times_out_in_html() -> None:
    with serving("proxy_timeout=100") as asked:
        late = asked.dataset(ITEMS)
        assert late.status_code == 504
        assert late.headers["Content-Type"] == "text/html"
        assert "504 Gateway Time-out" in late.text


def test_a_silent_cap_says_nothing() -> None:
    with serving("silent_cap=150") as asked:
        body = asked.dataset(ITEMS).json()
        assert (body["status"], body["row_count"]) == ("completed", 150)
        assert "rows_truncated" not in body["data"]
        assert len(asked.csv(ITEMS).text.splitlines()) == 151
        assert asked.rows("select count(*) from order_items") == [
            [asked.server.table_counts()["order_items"]]
        ]


def test_rows_come_and_change_between_two_queries() -> None:
    latest = "select count(*), max(updated_at) from orders"
    with serving("rows_change_during_extraction=2") as asked:
        before, added, *_, touched, after = (asked.rows(latest)[0] for _ in range(8))
        assert added[0] == before[0] + 1
        assert added[1] == before[1]
        assert touched[0] == added[0]
        assert touched[1] == "2026-10-30T23:30:00Z"
        assert after == touched
        assert len(asked.server.truth()) == after[0]


def test_a_slow_server_takes_its_time() -> None:
    with serving("slow=0.3") as asked:
        began = time.monotonic()
        assert asked.rows("select 1") == [[1]]
        assert time.monotonic() - began > 0.3


def test_a_fault_can_wait() -> None:
    with serving("http_500=1@3") as asked:
        codes = [asked.dataset("select 1").status_code for _ in range(5)]
        assert codes == [202, 202, 202, 500, 202]


def test_a_second_of_a_kind_can_be_asked_for() -> None:
    with serving("http_500=1", "error_in_202=1") as asked:
        codes = [asked.dataset("select 1").status_code for _ in range(4)]
        assert codes == [202, 500, 202, 202]
        assert asked.server.faults == {"http_500": 1, "error_in_202": 1}


@pytest.mark.parametrize(
    "wanted",
    [
        "http_418",
        "http_500=",
        "slow=soon",
        "slow=1@3",
        "http_500=1@x",
        "silent_cap=1.5",
        "silent_cap=always",
        "slow=-1",
    ],
)
def test_a_fault_that_is_none_is_refused(wanted: str) -> None:
    with pytest.raises(DemoError):
        Faults([wanted])


def test_every_fault_of_the_list_can_be_switched_on() -> None:
    assert Faults(KINDS).happened == dict.fromkeys(KINDS, 0)


def test_who_is_not_let_in() -> None:
    with serving() as asked:
        url = asked.server.url
        for headers in ({}, {"x-api-key": "mb_wrong"}, {"X-Metabase-Session": "nobody"}):
            response = requests.post(
                f"{url}/api/dataset", json=asked.query("select 1"), headers=headers, timeout=30
            )
            assert (response.status_code, response.text) == (401, "Unauthenticated")
        wrong = _log_in(asked, password="no")
        assert (wrong.status_code, wrong.json()) == (
            401,
            {"errors": {"password": "did not match stored password"}},
        )
        assert _log_in(asked, username="").status_code == 400
        codes = [_log_in(asked, password="no") for _ in range(11)]
        assert "Too many attempts! You must wait 15 seconds" in codes[-1].text
        assert "Too many attempts" in _log_in(asked).text


def test_a_session_can_be_ended() -> None:
    with serving() as asked:
        headers = {"X-Metabase-Session": _log_in(asked).json()["id"]}
        user = f"{asked.server.url}/api/user/current"
        assert requests.get(user, headers=headers, timeout=30).status_code == 200
        ended = requests.delete(f"{asked.server.url}/api/session", headers=headers, timeout=30)
        assert ended.status_code == 204
        assert requests.get(user, headers=headers, timeout=30).status_code == 401


def test_many_ask_at_once() -> None:
    with serving() as asked, ThreadPoolExecutor(8) as pool:
        whole = _whole(asked)
        assert set(pool.map(lambda _: asked.csv(ITEMS).text, range(16))) == {whole}
