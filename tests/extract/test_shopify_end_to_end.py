"""The demo shop, read in each way, whole or with faults, gives the same rows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from shopify_demo import LINES, Row, in_force, land, settings_for, tables_of

from demo.shopify import DemoShop, running
from extract.errors import ExtractError
from extract.manifest import Manifest, read_manifests
from extract.progress import Reporter
from extract.runner import run_source
from extract.shopify.source import SHOPIFY
from extract.shopify.tables import SHOPS, TABLES
from extract.sources import Options

# Of the demo shop, whose clock stands at the end of October.
LATE = datetime(2026, 10, 1, tzinfo=UTC)

Tables = dict[str, list[Row]]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoShop]:
    with running(LINES) as server:
        yield server


@pytest.fixture(scope="module")
def clean(demo: DemoShop, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    raw = tmp_path_factory.mktemp("clean")
    return tables_of(raw, land(demo, raw).run_id)


def landed(raw: Path, how: str, faults: list[str], **changes: object) -> Tables:
    with running(LINES, faults=faults) as server:
        return tables_of(raw, land(server, raw, how, **changes).run_id)


def test_every_table_has_rows_and_children_belong_to_orders(clean: Tables) -> None:
    assert all(clean[table.name] for table in TABLES)
    orders = {row["order_id"] for row in clean["orders"]}
    assert len(orders) == len(clean["orders"]) > 500
    for table in TABLES:
        if "order_id" in table.column_names:
            assert {row["order_id"] for row in clean[table.name]} <= orders
        keys = [tuple(row.values()) for row in clean[table.name]]
        assert len(keys) == len(set(keys)), table.name


def test_the_landed_rows_say_what_is_true_of_the_shop(demo: DemoShop, clean: Tables) -> None:
    truth = demo.truth()
    assert {str(order.order_id) for order in truth} == {row["order_id"] for row in clean["orders"]}


def test_bulk_operations_land_what_pages_land(
    demo: DemoShop, clean: Tables, tmp_path: Path
) -> None:
    assert tables_of(tmp_path, land(demo, tmp_path, "bulk").run_id) == clean


def test_auto_counts_before_it_decides(
    demo: DemoShop, clean: Tables, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for above, method in ((10_000, "pages"), (100, "bulk")):
        settings = settings_for(demo, tmp_path / method, shopify_bulk_above=above)
        run = run_source(SHOPIFY, settings, Reporter(), Options())
        assert f"orders by {method}" in capsys.readouterr().err
        assert run.run_id is not None
        assert tables_of(tmp_path / method, run.run_id) == clean


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _utc(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


COMPARED = {
    "orders": {
        "order_id": str,
        "order_name": str,
        "created_at": _utc,
        "updated_at": _utc,
        "cancelled_at": _utc,
        "cancel_reason": _lower,
        "is_test": str,
        "financial_status": _lower,
        "currency": str,
        "presentment_currency": str,
        "customer_id": str,
        "total_shop_amount": _money,
        "total_presentment_amount": _money,
        "current_total_shop_amount": _money,
        "total_refunded_shop_amount": _money,
    },
    "order_lines": {
        "order_id": str,
        "order_line_id": str,
        "position": str,
        "sku": str,
        "title": str,
        "quantity": str,
        "current_quantity": str,
        "is_gift_card": str,
        "unit_price_shop_amount": _money,
        "unit_price_presentment_amount": _money,
        "discount_shop_amount": _money,
        "tax_shop_amount": _money,
    },
    "fulfillments": {
        "fulfillment_id": str,
        "status": _lower,
        "delivered_at": _utc,
        "total_quantity": str,
    },
    "refunds": {
        "refund_id": str,
        "created_at": _utc,
        "note": str,
        "total_refunded_shop_amount": _money,
        "total_refunded_presentment_amount": _money,
    },
    "refund_lines": {
        "refund_id": str,
        "refund_line_id": str,
        "order_line_id": str,
        "quantity": str,
        "restock_type": _lower,
        "subtotal_shop_amount": _money,
        "subtotal_presentment_amount": _money,
        "tax_shop_amount": _money,
    },
    "customers": {
        "customer_id": str,
        "email": str,
        "tags": str,
        "country": str,
        "address1": str,
        "city": str,
    },
}


def comparable(tables: Tables, name: str) -> list[list[object]]:
    columns = COMPARED[name]
    rows = [[read(row[column]) for column, read in columns.items()] for row in tables[name]]
    return sorted(rows, key=str)


@pytest.fixture(scope="module")
def rest_run(demo: DemoShop, tmp_path_factory: pytest.TempPathFactory) -> tuple[Manifest, Tables]:
    raw = tmp_path_factory.mktemp("rest")
    manifest = land(demo, raw, "rest")
    return manifest, tables_of(raw, manifest.run_id)


@pytest.fixture(scope="module")
def by_rest(rest_run: tuple[Manifest, Tables]) -> Tables:
    return rest_run[1]


@pytest.mark.parametrize("name", COMPARED)
def test_rest_lands_what_graphql_lands(clean: Tables, by_rest: Tables, name: str) -> None:
    assert comparable(by_rest, name) == comparable(clean, name)


def test_rest_has_no_returns_and_says_so(rest_run: tuple[Manifest, Tables]) -> None:
    manifest, tables = rest_run
    assert not tables["returns"] and not tables["return_lines"]
    assert any("no returns" in warning for warning in manifest.warnings)


def test_shipping_that_was_refunded_is_the_same_money_by_rest(
    clean: Tables, by_rest: Tables
) -> None:
    graphql = sum(Decimal(row["subtotal_shop_amount"]) for row in clean["refund_shipping_lines"])
    rest = sum(
        Decimal(row["amount_shop_amount"])
        for row in by_rest["order_adjustments"]
        if row["kind"] == "shipping_refund"
    )
    assert graphql == abs(rest) > 0


def test_transactions_of_refunds_are_the_same_by_rest(clean: Tables, by_rest: Tables) -> None:
    columns = ("refund_id", "transaction_id", "parent_transaction_id")

    def of(tables: Tables) -> list[object]:
        return sorted(
            [
                *(row[column] for column in columns),
                row["kind"].lower(),
                row["status"].lower(),
                _money(row["amount_shop_amount"]),
                _money(row["amount_presentment_amount"]),
            ]
            for row in tables["transactions"]
            if row["refund_id"] is not None
        )

    assert of(by_rest) == of(clean)


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("pages", "throttled"),
        ("pages", "max_cost"),
        ("pages", "http_429"),
        ("pages", "http_500"),
        ("pages", "dropped_connection"),
        ("pages", "cut_body"),
        ("pages", "nested_truncation"),
        ("bulk", "throttled"),
        ("bulk", "max_cost"),
        ("bulk", "cut_body"),
        ("bulk", "nested_truncation"),
        ("bulk", "bulk_failed"),
        ("bulk", "bulk_partial"),
        ("bulk", "bulk_short_file"),
        ("bulk", "bulk_expired_url"),
        ("bulk", "bulk_in_progress"),
    ],
)
def test_a_fault_changes_nothing_of_what_is_landed(
    how: str, fault: str, clean: Tables, tmp_path: Path
) -> None:
    assert landed(tmp_path, how, [fault]) == clean


@pytest.fixture(scope="module")
def late_by_rest(demo: DemoShop, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Return the last month only: each delivery takes a call of its own."""
    raw = tmp_path_factory.mktemp("late")
    return tables_of(raw, land(demo, raw, "rest", shopify_since=LATE).run_id)


@pytest.mark.parametrize(
    "fault", ["http_429", "http_500", "dropped_connection", "cut_body", "numbers_as_amounts"]
)
def test_a_fault_changes_nothing_of_what_rest_lands(
    fault: str, late_by_rest: Tables, tmp_path: Path
) -> None:
    found = landed(tmp_path, "rest", [fault], shopify_since=LATE)
    assert found["orders"] and len(found["orders"]) == len(late_by_rest["orders"])
    for name in COMPARED:
        assert comparable(found, name) == comparable(late_by_rest, name)


def test_a_token_that_expires_on_the_way_is_renewed(clean: Tables, tmp_path: Path) -> None:
    with running(LINES, faults=["token_expired"]) as server:
        manifest = land(
            server,
            tmp_path,
            shopify_access_token=None,
            shopify_client_id=server.client_id,
            shopify_client_secret=server.client_secret,
        )
    assert tables_of(tmp_path, manifest.run_id) == clean


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("search_warning", "does not understand the filter"),
        ("missing_scope", "lacks the scopes read_returns"),
        ("no_read_all_orders", "read_all_orders"),
        ("version_fall_forward", "set SHOPIFY_API_VERSION="),
    ],
)
def test_what_would_land_less_in_silence_lands_nothing(
    fault: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(ExtractError, match=says):
        landed(tmp_path, "pages", [fault])
    assert read_manifests(tmp_path / "shopify") == []


def test_a_wrong_token_is_one_clear_line(demo: DemoShop, tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="SHOPIFY_ACCESS_TOKEN") as caught:
        land(demo, tmp_path, shopify_access_token="shpat_wrong")
    assert "shpat_wrong" not in str(caught.value)


def test_a_partial_load_is_said_and_made_whole_once_it_can_be(
    clean: Tables, tmp_path: Path
) -> None:
    with running(LINES, faults=["no_read_all_orders"]) as server:
        settings = settings_for(server, tmp_path)
        options = Options(api="pages", allow_partial=True)
        partial = run_source(SHOPIFY, settings, options=options)
    assert 0 < partial.rows["orders"] < len(clean["orders"])
    assert any(warning.startswith("partial") for warning in partial.warnings)
    with running(LINES) as server:
        manifest = land(server, tmp_path)
    assert tables_of(tmp_path, manifest.run_id) == clean


def test_the_next_run_reads_the_overlap_only_and_changes_nothing(
    demo: DemoShop, clean: Tables, tmp_path: Path
) -> None:
    first, second = land(demo, tmp_path), land(demo, tmp_path)
    assert second.window_covered and second.window_covered.since is not None
    assert second.tables["orders"].rows < first.tables["orders"].rows / 2
    held = in_force(tmp_path, [first, second])
    assert held == {name: clean[name] for name in held}


def test_a_return_that_closes_without_its_order_is_seen_by_the_next_run(tmp_path: Path) -> None:
    with running(LINES, faults=["return_changes_without_order"]) as server:
        runs = [land(server, tmp_path / "again"), land(server, tmp_path / "again")]
        fresh = land(server, tmp_path / "fresh")
        after = tables_of(tmp_path / "fresh", fresh.run_id)
    before = {
        row["return_id"]: row["status"] for row in in_force(tmp_path / "again", runs[:1])["returns"]
    }
    now = {row["return_id"]: row["status"] for row in after["returns"]}
    assert {"OPEN"} == {before[number] for number in before if before[number] != now[number]}
    held = in_force(tmp_path / "again", runs)
    assert held == {name: after[name] for name in held}


@pytest.mark.parametrize("how", ["pages", "bulk"])
def test_orders_that_change_while_they_are_read_are_whole_after_the_next_run(
    how: str, tmp_path: Path
) -> None:
    with running(LINES, faults=["order_changes_during_paging"]) as server:
        runs = [land(server, tmp_path / "again", how)]
        if how == "bulk":
            server.touch_orders()
        runs.append(land(server, tmp_path / "again", how))
        fresh = land(server, tmp_path / "fresh")
        after = tables_of(tmp_path / "fresh", fresh.run_id)
    held = in_force(tmp_path / "again", runs)
    assert held == {name: after[name] for name in held}


def test_a_dry_run_tells_the_window_and_the_cost_and_lands_nothing(
    demo: DemoShop, tmp_path: Path
) -> None:
    told = run_source(SHOPIFY, settings_for(demo, tmp_path), options=Options(dry_run=True)).told
    text = "\n".join(told)
    assert "hewyn.myshopify.com (AED, Asia/Dubai), API graphql 2026-10" in text
    assert "window from the beginning until 2026-10-31T00:00:00Z" in text
    assert "250 to a page of 849 points" in text
    assert read_manifests(tmp_path / "shopify") == []


def test_the_shop_row_says_what_answered(clean: Tables) -> None:
    (shop,) = clean[SHOPS.name]
    assert (shop["store"], shop["currency"], shop["api"]) == ("hewyn", "AED", "graphql")
    assert "read_all_orders" in shop["scopes"].split(",")
