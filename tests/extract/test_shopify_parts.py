"""Sums that must agree, windows, the pieces of bulk operations, what a shop lets us see."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shopify_stub import Reply, good, stub_shop

from extract.errors import ExtractError
from extract.manifest import Manifest, Window
from extract.progress import Reporter
from extract.settings import Settings
from extract.shopify import bulk
from extract.shopify.bulk import BulkFile, BulkRefused, read_orders, run_bulk
from extract.shopify.complete import complete_order, what_is_missing
from extract.shopify.orders import OrderReader
from extract.shopify.preflight import Preflight, check_reach, look
from extract.shopify.shop import read_shop, shop_is_configured
from extract.shopify.window import ReadWindow, read_window

NOW = datetime(2026, 10, 31, tzinfo=UTC)


def listed(nodes: list[dict[str, Any]], following: str | None = None) -> dict[str, Any]:
    return {
        "nodes": nodes,
        "pageInfo": {"hasNextPage": following is not None, "endCursor": following},
    }


def order(units: int, *quantities: int, following: str | None = None) -> dict[str, Any]:
    return {
        "id": "gid://shopify/Order/1",
        "subtotalLineItemsQuantity": units,
        "lineItems": listed([{"quantity": quantity} for quantity in quantities], following),
        "refunds": [],
        "returns": listed([]),
    }


def returned(units: int, *quantities: int) -> dict[str, Any]:
    lines = listed([{"quantity": quantity} for quantity in quantities])
    return {
        "id": "gid://shopify/Return/1",
        "name": "#1-R1",
        "totalQuantity": units,
        "returnLineItems": lines,
        "exchangeLineItems": listed([]),
    }


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        (order(3, 1, 2), None),
        # Gift cards are lines, and no part of the sum.
        (order(3, 1, 2, 1), None),
        (order(3, 2), "2 of 3 units in its lines"),
        ({**order(0), "returns": listed([returned(2, 2)])}, None),
        # A return whose lines were removed has none, and says so.
        ({**order(0), "returns": listed([returned(0)])}, None),
        (
            {**order(0), "returns": listed([returned(2, 1)])},
            "1 of 2 units in the lines of its return #1-R1",
        ),
    ],
)
def test_units_are_held_against_the_sums_of_the_shop(
    found: dict[str, Any], missing: str | None
) -> None:
    assert what_is_missing(found) == missing


def test_a_nested_list_is_paged_to_its_end() -> None:
    rest = [good({"owner": {"connection": listed([{"quantity": 2}], "c")}})]
    rest += [good({"owner": {"connection": listed([{"quantity": 3}])}})]
    cut = order(6, 1, following="b")
    with stub_shop(rest) as stub:
        complete_order(stub.client(), cut)
    assert [line["quantity"] for line in cut["lineItems"]["nodes"]] == [1, 2, 3]
    assert [asked.variables["after"] for asked in stub.asked] == ["b", "c"]


def test_an_order_that_stays_short_stops_the_run_and_is_named() -> None:
    short = order(5, 1)
    page = good({"connection": listed([short])})
    with stub_shop([page, good({"nodes": [short]})]) as stub:
        reader = OrderReader(stub.client(), Reporter(quiet=True))
        with pytest.raises(ExtractError, match="order 1 came incomplete twice: 1 of 5 units"):
            list(reader.by_pages("x"))


def test_an_order_that_was_short_once_is_landed_whole() -> None:
    page = good({"connection": listed([order(5, 1)])})
    with stub_shop([page, good({"nodes": [order(5, 5)]})]) as stub:
        (batch,) = OrderReader(stub.client(), Reporter(quiet=True)).by_pages("x")
    assert what_is_missing(batch[0]) is None


def test_an_order_that_comes_twice_is_given_once() -> None:
    pages = [good({"connection": listed([order(1, 1)], "a")})]
    pages += [good({"connection": listed([order(1, 1)])})]
    with stub_shop(pages) as stub:
        batches = list(OrderReader(stub.client(), Reporter(quiet=True)).by_pages("x"))
    assert [len(batch) for batch in batches] == [1, 0]


def run_of(since: str | None, until: str, origin: str = "hewyn graphql") -> Manifest:
    return Manifest(
        source="shopify",
        run_id="x",
        extractor_version="x",
        started_at=NOW,
        finished_at=NOW,
        origin=origin,
        window_covered=Window(since=since, until=until),
        tables={},
    )


def window(
    manifests: list[Manifest], since: str | None = None, origin: str = "hewyn graphql"
) -> ReadWindow:
    settings = Settings(shopify_since=since, shopify_lookback_hours=6)  # type: ignore[arg-type]
    return read_window(settings, manifests, origin, NOW + timedelta(microseconds=5))


def test_the_first_load_takes_everything_unless_told_where_to_start() -> None:
    assert window([]) == ReadWindow(None, NOW, is_first=True)
    assert window([], "2026-01-01").search == (
        "updated_at:>='2026-01-01T00:00:00Z' updated_at:<'2026-10-31T00:00:00Z'"
    )


def test_the_next_run_overlaps_the_last_by_the_lookback() -> None:
    manifests = [run_of(None, "2026-10-01T00:00:00Z"), run_of("x", "2026-10-20T06:00:00Z")]
    manifests[1].window_covered = Window(since="2026-09-30T00:00:00Z", until="2026-10-20T06:00:00Z")
    assert window(manifests) == ReadWindow(datetime(2026, 10, 20, tzinfo=UTC), NOW, is_first=False)


def test_other_shops_and_the_other_api_are_no_watermark() -> None:
    manifests = [run_of(None, "2026-10-20T00:00:00Z")]
    assert window(manifests, origin="hewyn rest").is_first
    assert window(manifests, origin="other graphql").is_first


def test_a_start_that_lies_ahead_is_refused() -> None:
    with pytest.raises(ExtractError, match="SHOPIFY_SINCE: 2026-11-01T00:00:00Z has not come yet"):
        window([], "2026-11-01")


@pytest.mark.parametrize(
    ("covered", "asked", "is_first"),
    [
        ("2026-03-01T00:00:00Z", "2026-03-01", False),
        ("2026-03-01T00:00:00Z", "2026-04-01", False),
        ("2026-03-01T00:00:00Z", "2026-02-01", True),
        ("2026-03-01T00:00:00Z", None, True),
        (None, None, False),
    ],
)
def test_a_window_that_reaches_further_back_is_loaded_anew(
    covered: str | None, asked: str | None, is_first: bool
) -> None:
    assert window([run_of(covered, "2026-10-20T00:00:00Z")], asked).is_first is is_first


def bulk_lines() -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for number in range(1, 40):
        gid = f"gid://shopify/Order/{number}"
        lines.append({"id": gid, "note": f'"__parentId":"{number}"', "refunds": []})
        for part in range(number % 3):
            line = f"gid://shopify/LineItem/{number}{part}"
            lines.append({"id": line, "quantity": part, "__parentId": gid})
        if number % 5 == 0:
            back = f"gid://shopify/Return/{number}"
            lines.append({"id": back, "__parentId": gid})
            for kind in ("ReturnLineItem", "UnverifiedReturnLineItem", "ExchangeLineItem"):
                lines.append({"id": f"gid://shopify/{kind}/{number}", "__parentId": back})
    return lines


def as_file(lines: list[dict[str, Any]], path: Path) -> BulkFile:
    text = "\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
    path.write_text(text)
    return BulkFile(path, len(lines), 39)


@pytest.mark.parametrize("seed", range(3))
def test_children_find_their_parents_wherever_they_stand(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_PART_BYTES", 100)
    lines = bulk_lines()
    random.Random(seed).shuffle(lines)
    found = [
        each
        for part in read_orders(as_file(lines, tmp_path / "x.jsonl"), tmp_path)
        for each in part
    ]
    assert len(found) == 39
    for each in found:
        number = int(each["id"].rpartition("/")[2])
        assert len(each["lineItems"]["nodes"]) == number % 3
        assert len(each["returns"]["nodes"]) == (number % 5 == 0)
        for back in each["returns"]["nodes"]:
            assert len(back["returnLineItems"]["nodes"]) == 2
            assert len(back["exchangeLineItems"]["nodes"]) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["Order", "Return"])
def test_a_child_without_its_parent_makes_the_result_unfit(kind: str, tmp_path: Path) -> None:
    lines = [line for line in bulk_lines() if line["id"] != f"gid://shopify/{kind}/10"]
    with pytest.raises(BulkRefused):
        list(read_orders(as_file(lines, tmp_path / "x.jsonl"), tmp_path))


def operation(status: str, objects: int = 0, url: str | None = None) -> Reply:
    about = {"id": "gid://shopify/BulkOperation/1", "status": status, "errorCode": None}
    counts = {"objectCount": str(objects), "rootObjectCount": str(objects), "fileSize": None}
    return good({"bulkOperation": {**about, **counts, "url": url}})


def test_a_bulk_operation_without_rows_has_no_file(tmp_path: Path) -> None:
    started = {"bulkOperation": {"id": "gid://shopify/BulkOperation/1"}, "userErrors": []}
    replies = [good({"bulkOperationRunQuery": started}), operation("RUNNING")]
    with stub_shop([*replies, operation("COMPLETED")]) as stub:
        result = run_bulk(stub.client(), "bulk_orders", "x", tmp_path, Reporter(quiet=True))
    assert (result.objects, result.path.read_bytes()) == (0, b"")
    assert len(stub.slept) == 1


def test_a_bulk_query_that_is_refused_says_why(tmp_path: Path) -> None:
    error = {"code": "INVALID", "message": "Bulk queries cannot contain more\nthan 5 connections."}
    payload = {"bulkOperation": None, "userErrors": [error]}
    with (
        stub_shop([good({"bulkOperationRunQuery": payload})]) as stub,
        pytest.raises(BulkRefused, match=r"cannot contain more than 5 connections\."),
    ):
        run_bulk(stub.client(), "bulk_orders", "x", tmp_path, Reporter(quiet=True))


def seen(*scopes: str) -> Preflight:
    return Preflight(
        "1", "Hewyn", "hewyn.myshopify.com", "AED", "Asia/Dubai", None, None, scopes, "x"
    )


def test_orders_older_than_sixty_days_are_not_left_out_in_silence() -> None:
    everything, lately = (
        ReadWindow(since, NOW, is_first=True) for since in (None, NOW - timedelta(days=59))
    )
    whole = seen("read_orders", "read_all_orders")
    assert check_reach(whole, everything, NOW, allow_partial=False) == []
    part = seen("read_orders")
    with pytest.raises(
        ExtractError, match=r"grant read_all_orders, set SHOPIFY_SINCE to 2026-09-02"
    ):
        check_reach(part, everything, NOW, allow_partial=False)
    (warning,) = check_reach(part, everything, NOW, allow_partial=True)
    assert warning.startswith("partial")
    (warning,) = check_reach(part, lately, NOW, allow_partial=False)
    assert "changes to orders older than 60 days are not seen" in warning


def about_shop(domain: str, *scopes: str) -> Reply:
    about = {
        "id": "gid://shopify/Shop/1",
        "name": "Hewyn",
        "myshopifyDomain": domain,
        "currencyCode": "AED",
        "ianaTimezone": "Asia/Dubai",
        "plan": {"publicDisplayName": "Basic"},
    }
    granted = [{"handle": scope} for scope in scopes]
    return good({"shop": about, "currentAppInstallation": {"accessScopes": granted}})


def test_every_scope_that_is_missing_is_named() -> None:
    with (
        stub_shop([about_shop("hewyn.myshopify.com", "write_orders")]) as stub,
        pytest.raises(ExtractError, match="lacks the scopes read_returns, read_customers"),
    ):
        look(stub.client(), "graphql")


def test_another_shop_than_the_one_asked_for_is_refused() -> None:
    scopes = ("read_all_orders", "read_returns", "write_customers")
    replies = [about_shop("other.myshopify.com", *scopes), good({"orders": {"nodes": []}})]
    with stub_shop(replies) as stub, pytest.raises(ExtractError, match="answers is other, not"):
        look(stub.client(), "graphql")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"shopify_store": "Not A Shop"}, "SHOPIFY_STORE"),
        ({"shopify_access_token": None}, "SHOPIFY_CLIENT_ID"),
        ({"shopify_api_version": "latest"}, "SHOPIFY_API_VERSION"),
        ({"shopify_url": "http://hewyn.example"}, "https only"),
        ({"shopify_url": "https://[::1"}, "SHOPIFY_URL: this is no address"),
        ({"shopify_url": "hewyn.example"}, "SHOPIFY_URL: this is no address"),
        ({"shopify_access_token": "\u201cshpat_x\u201d"}, "SHOPIFY_ACCESS_TOKEN: there are"),
        ({"shopify_access_token": "shpat_x\nY: z"}, "SHOPIFY_ACCESS_TOKEN: there are"),
    ],
)
def test_a_setting_that_is_wrong_is_named(changes: dict[str, Any], says: str) -> None:
    given = {"shopify_store": "hewyn", "shopify_access_token": "shpat_x", **changes}
    with pytest.raises(ExtractError, match=says) as caught:
        read_shop(Settings(**given))
    assert "shpat_x" not in str(caught.value)


@pytest.mark.parametrize("text", ["hewyn", "Hewyn.myshopify.com", "https://hewyn.myshopify.com/"])
def test_a_store_is_known_by_its_handle(text: str) -> None:
    shop = read_shop(Settings(shopify_store=text, shopify_access_token="shpat_x"))  # type: ignore[arg-type]
    assert shop.store == "hewyn"
    assert shop.api_url == "https://hewyn.myshopify.com/admin/api/2026-10"
    assert "shpat_x" not in repr(shop)


def test_credentials_alone_are_a_shop_that_was_not_named() -> None:
    assert not shop_is_configured(Settings())
    assert shop_is_configured(Settings(shopify_access_token="shpat_x"))  # type: ignore[arg-type]
