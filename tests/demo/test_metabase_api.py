"""The shapes of answers, the SQL behind them, and the codes of the three generations."""

from collections.abc import Iterator

import pytest
import requests
from metabase_shop import Asked, serving

from demo.metabase import AGGREGATED_ROW_LIMIT, Card

TAG = {"id": "11", "name": "since", "display-name": "Since", "type": "text"}
CARDS = {
    7: Card(
        "Refunds",
        "select refund_id, amount from refunds where updated_at >= cast({{since}} as timestamp) "
        "order by refund_id limit 3",
        {"since": TAG},
        {"column_settings": {'["name","amount"]': {"column_title": "Paid back"}}},
    )
}


@pytest.fixture(scope="module")
def shop() -> Iterator[Asked]:
    with serving(cards=CARDS) as asked:
        yield asked


def _since(value: object) -> list[dict[str, object]]:
    return [{"type": "text", "value": value, "target": ["variable", ["template-tag", "since"]]}]


def test_a_result_has_the_shape_of_the_api(shop: Asked) -> None:
    response = shop.dataset("select 1 as one, 'x' as two")
    assert response.status_code == 202
    assert response.headers["Connection"] == "close"
    body = response.json()
    assert body["data"]["rows"] == [[1, "x"]]
    assert [column["base_type"] for column in body["data"]["cols"]] == ["type/Integer", "type/Text"]
    assert body["data"]["native_form"] == {"query": "select 1 as one, 'x' as two", "params": None}
    assert body["data"]["results_timezone"] == "UTC"
    assert "rows_truncated" not in body["data"]
    assert {key: body[key] for key in ("row_count", "status", "context", "database_id")} == {
        "row_count": 1,
        "status": "completed",
        "context": "ad-hoc",
        "database_id": shop.server.database_id,
    }
    assert body["json_query"]["native"]["query"] == "select 1 as one, 'x' as two"
    assert body["average_execution_time"] is None
    assert body["started_at"].startswith("2026-10-31T00:00")


def test_an_empty_result_has_its_columns(shop: Asked) -> None:
    sql = "select order_id, status from orders where false"
    assert shop.dataset(sql).json()["row_count"] == 0
    assert shop.csv(sql).text == "order_id,status\n"
    assert shop.json(sql).json() == []


@pytest.mark.parametrize(
    ("generation", "api", "download"), [(1, 202, 200), (2, 400, 400), (3, 400, 400)]
)
def test_a_failed_query_answers_by_its_generation(generation: int, api: int, download: int) -> None:
    with serving(generation=generation) as asked:
        response = asked.dataset("select no_such_column from orders")
        assert response.status_code == api
        body = response.json()
        assert body["status"] == "failed"
        assert "no_such_column" in body["error"]
        assert body["data"] == {"rows": [], "cols": []}
        assert (body["row_count"], body["state"]) == (0, "42703")
        assert body["json_query"]["native"]["query"]
        response = asked.csv("select no_such_column from orders")
        assert response.status_code == download
        assert response.json()["status"] == "failed"
        assert "json_query" not in response.json()


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_an_error_in_a_late_row_comes_after_the_head_was_sent(generation: int) -> None:
    sql = (
        "select repeat('x', 20) as text, cast(case when i > 250000 then 'no' else '1' end as int) "
        "from range(300000) as numbers (i)"
    )
    with serving(generation=generation) as asked:
        if generation == 3:
            with pytest.raises(requests.exceptions.ChunkedEncodingError):
                asked.csv(sql)
            return
        response = asked.csv(sql)
        assert response.status_code == 200
        assert response.text.splitlines()[-1].startswith('{"')
        assert "Conversion Error" in response.text.splitlines()[-1]
        assert len(response.text.splitlines()) > 10_000


@pytest.mark.parametrize(
    ("sql", "state"),
    [
        ("delete from orders", "25006"),
        ("select 1; delete from orders", "42601"),
        ("copy orders to 'orders.csv'", "25006"),
        ("select * from no_table", "42P01"),
        ("selec 1", "42601"),
        ("set threads = 4", "25006"),
        ("select * from read_csv('pyproject.toml')", "XX000"),
    ],
)
def test_nothing_but_one_select_of_the_shop_runs(shop: Asked, sql: str, state: str) -> None:
    body = shop.dataset(sql).json()
    assert (body["status"], body["state"]) == ("failed", state)
    assert shop.server.table_counts()["orders"] > 1_000


def test_a_query_needs_a_database_that_is_there(shop: Asked) -> None:
    body = shop.query("select 1")
    assert shop.post("/api/dataset", {**body, "database": None}).status_code == 400
    assert "database" in shop.post("/api/dataset", {**body, "database": None}).json()["errors"]
    assert shop.post("/api/dataset", {**body, "database": 99}).status_code == 404
    assert shop.post("/api/nothing", {}).status_code == 404


@pytest.mark.parametrize("parameters", ["no json", {"a": 1}, ["a"]])
def test_parameters_are_a_list_of_maps(shop: Asked, parameters: object) -> None:
    body = {**shop.query("select 1"), "parameters": parameters}
    assert "parameters" in shop.post("/api/dataset", body).json()["errors"]


def test_a_download_can_be_a_form_of_json_text(shop: Asked) -> None:
    response = requests.post(
        f"{shop.server.url}/api/dataset/csv",
        data={"query": requests.models.complexjson.dumps(shop.query("select 1 as a"))},
        headers={"x-api-key": shop.server.api_key},
        timeout=30,
    )
    assert (response.status_code, response.text) == (200, "a\n1\n")
    assert response.headers["Content-Type"] == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]


def test_gzip_is_sent_when_asked_for(shop: Asked) -> None:
    for asked_for, sent in (("gzip", "gzip"), ("identity", None)):
        response = shop.csv("select 1 as a", headers={"Accept-Encoding": asked_for})
        assert response.headers.get("Content-Encoding") == sent
        assert response.text == "a\n1\n"


def test_a_saved_question_takes_parameters_and_its_own_titles(shop: Asked) -> None:
    body = {"parameters": _since("2026-01-01"), "ignore_cache": True}
    found = shop.post("/api/card/7/query", body).json()
    assert (found["row_count"], found["context"]) == (3, "question")
    text = requests.models.complexjson.dumps(_since("2026-01-01"))
    printed = shop.post("/api/card/7/query/csv", {"parameters": text}).text
    assert printed.startswith("refund_id,Paid back\n")
    assert len(printed.splitlines()) == 4
    assert shop.post("/api/card/8/query", {}).status_code == 404
    nameless = [{"type": "text", "value": "x", "target": ["variable", ["template-tag", "no"]]}]
    assert (
        "template tag" in shop.post("/api/card/7/query", {"parameters": nameless}).json()["error"]
    )


def test_the_small_endpoints_say_who_and_what(shop: Asked) -> None:
    def get(path: str) -> requests.Response:
        headers = {"x-api-key": shop.server.api_key}
        return requests.get(shop.server.url + path, headers=headers, timeout=30)

    assert get("/api/health").json() == {"status": "ok"}
    databases = get("/api/database").json()
    assert [one["id"] for one in databases["data"]] == [shop.server.database_id]
    assert get("/api/user/current").json()["email"] == shop.server.username
    assert get("/api/session/properties").json()["version"]["tag"].startswith("v0.")
    assert get("/api/card/7").json()["dataset_query"]["native"]["query"] == CARDS[7].query
    assert get("/api/dataset").status_code == 404


def test_limits_are_those_of_the_endpoint() -> None:
    with serving(row_limit=50, export_row_limit=120) as asked:
        sql = "select order_id from orders order by order_id"
        body = asked.dataset(sql).json()
        assert (body["row_count"], body["data"]["rows_truncated"]) == (50, 50)
        assert "rows_truncated" not in asked.dataset(f"{sql} limit 49").json()["data"]
        assert len(asked.csv(sql).text.splitlines()) == 121
        assert len(asked.json(sql).json()) == 120


def test_the_limit_of_aggregated_questions_can_be_set_for_all() -> None:
    with serving(row_limit=AGGREGATED_ROW_LIMIT) as asked:
        body = asked.dataset("select * from range(20000)").json()
        assert body["row_count"] == body["data"]["rows_truncated"] == 10_000


def test_the_usual_limit_is_two_thousand_rows(shop: Asked) -> None:
    assert shop.dataset("select * from range(5000)").json()["row_count"] == 2_000
    assert len(shop.csv("select * from range(5000)").text.splitlines()) == 5_001


def test_a_download_stops_at_its_hard_limit_without_a_word(shop: Asked) -> None:
    text = shop.csv("select 1 as n from range(1100000)").text
    assert text.count("\n") == 1_048_575 + 1
