"""Each fault of the demo shop: what a client sees, and that trying again gets through."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from shopify_shared import SEED, Asking

from demo import DemoError, shopify
from demo.company.stories import MIN_LINES

SIMPLE = "{ orders(first: 250) { nodes { id } } }"
LINES_OF_ORDERS = "{ orders { edges { node { id lineItems { edges { node { id } } } } } } }"


@contextmanager
def _faulty(*names: str) -> Iterator[Asking]:
    with shopify.running(MIN_LINES, SEED, faults=names) as shop:
        yield Asking(shop)


def test_an_unknown_fault_is_refused_by_name() -> None:
    with pytest.raises(DemoError, match="no fault is called nonsense"), _faulty("nonsense"):
        pass


def _codes(asking: Asking, count: int) -> list[int | str]:
    """Ask the same so many times, and return what each came to."""
    outcomes: list[int | str] = []
    for _ in range(count):
        try:
            answer = asking.post(SIMPLE)
            outcomes.append("ok" if answer.status_code == 200 else answer.status_code)
        except requests.exceptions.ChunkedEncodingError:
            outcomes.append("cut")
        except requests.exceptions.ConnectionError:
            outcomes.append("dropped")
    return outcomes


@pytest.mark.parametrize(
    ("fault", "outcomes"),
    [
        ("http_429", ["ok", 429, "ok", 429, "ok", "ok"]),
        ("http_500", ["ok", 500, 502, "ok", 503, "ok"]),
        ("dropped_connection", ["ok", "dropped", "ok", "dropped", "ok", "ok"]),
        ("cut_body", ["ok", "cut", "ok", "cut", "ok", "ok"]),
    ],
)
def test_transport_faults_come_in_turn_and_end(fault: str, outcomes: list[int | str]) -> None:
    with _faulty(fault) as asking:
        assert _codes(asking, 6) == outcomes


def test_too_many_requests_say_when_to_come_back() -> None:
    with _faulty("http_429") as asking:
        asking.post(SIMPLE)
        refused = asking.post(SIMPLE)
        assert 0 < float(refused.headers["Retry-After"]) < 1


def test_throttled_answers_tell_what_is_missing() -> None:
    with shopify.running(MIN_LINES, SEED, faults=["throttled"], restore_rate=50) as shop:
        asking = Asking(shop)
        answers = [asking.raw(SIMPLE) for _ in range(2)]
        assert "errors" not in answers[0]
        (error,) = answers[1]["errors"]
        assert error["extensions"]["code"] == "THROTTLED"
        status = answers[1]["extensions"]["cost"]["throttleStatus"]
        assert status["currentlyAvailable"] < answers[1]["extensions"]["cost"]["requestedQueryCost"]


def test_a_dear_shop_serves_small_pages_only() -> None:
    query = "query Q($n: Int!) { orders(first: $n) { nodes { id lineItems(first: 50) { nodes { " + (
        "id product { id } } } } } }"
    )
    with _faulty("max_cost") as asking:
        refused = asking.raw(query, n=250)
        (error,) = refused["errors"]
        assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
        assert error["extensions"]["cost"] > error["extensions"]["maxCost"] == 1_000
        assert "errors" not in asking.raw(query, n=20)


def test_ignored_filters_are_warned_of() -> None:
    query = "query Q($s: String) { orders(first: 250, query: $s) { nodes { id } } }"
    search = "updated_at:>='2026-10-01T00:00:00Z'"
    with _faulty("search_warning") as asking:
        answer = asking.raw(query, s=search)
        assert answer["extensions"]["search"][0]["warnings"][0]["code"] == "invalid_field"
        assert answer["data"] == asking.data(SIMPLE)


def test_nested_pages_are_short_but_whole() -> None:
    query = (
        "query Q($id: ID!, $after: String) { order(id: $id) { lineItems(first: 250, after: $after)"
        " { pageInfo { hasNextPage endCursor } nodes { id } } } }"
    )
    with _faulty("nested_truncation") as asking:
        truth = next(one for one in asking.shop.truth() if one.kind == "long_order")
        order = f"gid://shopify/Order/{truth.order_id}"
        found, after = [], None
        while True:
            page = asking.data(query, id=order, after=after)["order"]["lineItems"]
            assert len(page["nodes"]) <= 2
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        assert len({one["id"] for one in found}) == truth.units_ordered


def test_a_failed_operation_gives_nothing_and_the_next_all() -> None:
    with _faulty("bulk_failed") as asking:
        first = asking.bulk(LINES_OF_ORDERS)
        assert (first["status"], first["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
        assert first["url"] is None and first["partialDataUrl"] is None
        assert asking.bulk(LINES_OF_ORDERS)["status"] == "COMPLETED"


def test_partial_data_is_told_from_whole_data() -> None:
    with _faulty("bulk_partial") as asking:
        first = asking.bulk(LINES_OF_ORDERS)
        assert (first["status"], first["errorCode"]) == ("FAILED", "TIMEOUT")
        assert first["url"] is None
        rows = requests.get(first["partialDataUrl"], timeout=10).text.splitlines()
        assert 0 < len(rows) < int(first["objectCount"])
        second = asking.bulk(LINES_OF_ORDERS)
        rows = requests.get(second["url"], timeout=10).text.splitlines()
        assert len(rows) == int(second["objectCount"])


def test_a_short_file_is_found_by_its_count() -> None:
    with _faulty("bulk_short_file") as asking:
        first = asking.bulk(LINES_OF_ORDERS)
        assert first["status"] == "COMPLETED"
        rows = requests.get(first["url"], timeout=10).text.splitlines()
        assert len(rows) < int(first["objectCount"])
        assert [json.loads(row)["id"] for row in rows]
        second = asking.bulk(LINES_OF_ORDERS)
        rows = requests.get(second["url"], timeout=10).text.splitlines()
        assert len(rows) == int(second["objectCount"])


def test_an_expired_url_is_replaced_by_asking_again() -> None:
    with _faulty("bulk_expired_url") as asking:
        operation = asking.bulk(LINES_OF_ORDERS)
        refused = requests.get(operation["url"], timeout=10)
        assert refused.status_code == 400 and "ExpiredToken" in refused.text
        again = asking.data(
            "query Q($id: ID!) { bulkOperation(id: $id) { url } }", id=operation["id"]
        )
        assert requests.get(again["bulkOperation"]["url"], timeout=10).status_code == 200


def test_others_hold_the_places_for_a_while() -> None:
    run = (
        "mutation R($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } "
        "userErrors { code message } } }"
    )
    with _faulty("bulk_in_progress") as asking:
        answers = [asking.data(run, q=LINES_OF_ORDERS)["bulkOperationRunQuery"] for _ in range(3)]
        codes = [[error["code"] for error in one["userErrors"]] for one in answers]
        assert codes == [["OPERATION_IN_PROGRESS"], ["OPERATION_IN_PROGRESS"], []]


def test_tokens_die_and_credentials_buy_new_ones() -> None:
    with _faulty("token_expired") as asking:
        shop = asking.shop
        assert [asking.post(SIMPLE).status_code for _ in range(4)] == [200, 200, 401, 401]
        form = {
            "grant_type": "client_credentials",
            "client_id": shop.client_id,
            "client_secret": shop.client_secret,
        }
        answer = requests.post(f"{shop.url}/admin/oauth/access_token", data=form, timeout=10)
        assert Asking(shop, answer.json()["access_token"]).data(SIMPLE)


def test_a_scope_that_was_not_granted_denies_its_fields() -> None:
    with _faulty("missing_scope") as asking:
        answer = asking.raw("{ orders(first: 1) { nodes { returns(first: 1) { nodes { id } } } } }")
        assert answer["data"] is None
        (error,) = answer["errors"]
        told = "Access denied for returns field. Required access: `read_returns`"
        assert error["message"].startswith(told)
        assert error["extensions"]["code"] == "ACCESS_DENIED"
        assert asking.data(SIMPLE)["orders"]["nodes"]
        granted = asking.data("{ currentAppInstallation { accessScopes { handle } } }")
        assert {"handle": "read_returns"} not in granted["currentAppInstallation"]["accessScopes"]
        denied = asking.bulk(
            "{ orders { edges { node { id returns { edges { node { id } } } } } } }"
        )
        assert (denied["status"], denied["errorCode"]) == ("FAILED", "ACCESS_DENIED")


def test_without_all_orders_sixty_days_are_shown_and_nothing_is_said() -> None:
    with _faulty("no_read_all_orders") as asking:
        found = asking.every_order("id createdAt")
        assert 0 < len(found) < len(asking.shop.truth()) / 2
        assert min(one["createdAt"] for one in found) >= "2026-09-01T00:00:00Z"
        old = next(one for one in asking.shop.truth() if not one.is_cancelled)
        assert asking.data(f'{{ order(id: "gid://shopify/Order/{old.order_id}") {{ id }} }}') == {
            "order": None
        }
        rest = asking.get("orders.json", status="any", limit=250).json()["orders"]
        assert len(rest) == len(found)
        assert asking.bulk("{ orders { edges { node { id } } } }")["objectCount"] == str(len(found))


def test_an_older_version_answers() -> None:
    with _faulty("version_fall_forward") as asking:
        assert asking.post(SIMPLE).headers["X-Shopify-API-Version"] == "2026-01"
        assert asking.get("shop.json").headers["X-Shopify-API-Version"] == "2026-01"


def test_rest_amounts_may_be_numbers() -> None:
    with _faulty("numbers_as_amounts") as asking:
        order = asking.get("orders.json", status="any", limit=1).json()["orders"][0]
        assert isinstance(order["total_price"], float)
        assert isinstance(order["total_price_set"]["shop_money"]["amount"], float)
        assert isinstance(order["line_items"][0]["price"], float)


def test_orders_that_change_between_pages_are_seen_again_at_the_end() -> None:
    with _faulty("order_changes_during_paging") as asking:
        found = asking.every_order("id updatedAt tags", 50)
        changed = [one for one in found if "changed" in one["tags"]]
        assert len(changed) == 2
        assert {one["updatedAt"] for one in changed} == {"2026-10-30T23:59:00Z"}
        assert len(found) == len(asking.shop.truth()) + 1
        assert len({one["id"] for one in found}) == len(asking.shop.truth())
        again = [one["id"] for one in asking.every_order("id", 50)]
        assert len(again) == len(set(again)) == len(asking.shop.truth())


def test_returns_close_without_their_orders_moving() -> None:
    fields = "id updatedAt returnStatus returns(first: 20) { nodes { id status closedAt } }"
    with _faulty("return_changes_without_order") as asking:
        before = {one["id"]: one for one in asking.every_order(fields, 50)}
        after = {one["id"]: one for one in asking.every_order(fields, 50)}
        assert [one["updatedAt"] for one in before.values()] == [
            one["updatedAt"] for one in after.values()
        ]
        open_before = [one for one in before.values() if one["returnStatus"] == "IN_PROGRESS"]
        assert open_before
        for one in open_before:
            assert "OPEN" not in {held["status"] for held in after[one["id"]]["returns"]["nodes"]}
        assert asking.shop.close_returns() == 0


def test_every_fault_has_a_test() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in shopify.FAULTS if f'"{name}"' not in text] == []
