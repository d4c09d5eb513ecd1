import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest
from dashboard_marts import FORMULA_NAME, WORST_USER, write_marts

from serve.dashboard.columns import csv_text
from serve.dashboard.data import Marts
from serve.dashboard.export import export
from serve.dashboard.filters import Filters, read_choices, read_filters
from serve.dashboard.queries import headline, products, reasons, users
from serve.errors import ServeError

NARROW = Filters(date(2026, 1, 1), date(2026, 4, 1), "marketplace", "noon_ae", "Toys")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_marts(tmp_path_factory.mktemp("warehouse"))


@pytest.fixture
def marts(database: Path) -> Marts:
    return Marts(database)


def asked(database: Path, sql: str) -> tuple[float, ...]:
    with duckdb.connect(str(database), read_only=True) as connection:
        row: tuple[float, ...] = connection.execute(sql).fetchall()[0]
    return row


def test_a_period_over_everything_gives_the_published_numbers(marts: Marts) -> None:
    published = headline.headline(marts, Filters())
    narrowed = headline.headline(marts, Filters(date(2000, 1, 1), date(2100, 1, 1)))
    for name in (
        "orders", "units_sold", "units_refunded", "sales_usd", "refund_usd", "refund_rate",
        "refund_value_rate", "orders_with_return", "order_return_rate",
        "refund_usd_by_refund_date",
    ):  # fmt: skip
        assert narrowed[name] == pytest.approx(published[name]), name


def test_headline_numbers_of_a_choice_are_those_of_the_marts(marts: Marts, database: Path) -> None:
    found = headline.headline(marts, NARROW)
    sold, refunded, usd = asked(
        database,
        "select sum(units_sold), sum(units_refunded), sum(refund_usd) from order_items "
        "join products using (product_key) where sub_channel = 'noon_ae' and category = 'Toys' "
        "and ordered_at >= '2026-01-01' and ordered_at < '2026-04-01'",
    )
    assert (found["units_sold"], found["units_refunded"]) == (sold, refunded)
    assert found["refund_usd"] == pytest.approx(float(usd))
    assert found["refund_rate"] == pytest.approx(refunded / sold)
    assert refunded > 0


def test_products_in_a_period_count_the_period_and_rank_by_all(marts: Marts) -> None:
    whole = products.ranking(marts, Filters()).to_pylist()
    period = products.ranking(marts, Filters(since=date(2026, 6, 1))).to_pylist()
    assert [row["product_key"] for row in whole] == [row["product_key"] for row in period]
    assert all(a["units_sold"] > b["units_sold"] for a, b in zip(whole, period, strict=True))


def test_reasons_of_a_period_are_by_refund_date(marts: Marts, database: Path) -> None:
    found = reasons.reasons(marts, Filters(date(2026, 1, 1), date(2026, 2, 1))).to_pylist()
    (units,) = asked(
        database,
        "select sum(units_refunded) from refund_items "
        "where refunded_at >= '2026-01-01' and refunded_at < '2026-02-01'",
    )
    assert sum(row["units_refunded"] for row in found) == units
    assert sum(row["refund_share"] for row in found) == pytest.approx(1)


def test_customers_of_a_choice_have_ordered_in_it(marts: Marts, database: Path) -> None:
    found = users.ranking(marts, NARROW)
    (customers,) = asked(
        database,
        "select count(distinct user_key) from order_items join products using (product_key) "
        "where sub_channel = 'noon_ae' and category = 'Toys' "
        "and ordered_at >= '2026-01-01' and ordered_at < '2026-04-01'",
    )
    assert found.num_rows == customers > 0
    assert (
        users.history(marts, WORST_USER).num_rows
        == asked(database, f"select count(*) from orders where user_key = '{WORST_USER}'")[0]
    )


def test_every_question_answers_under_every_filter(marts: Marts) -> None:
    for filters in (Filters(), NARROW, Filters(channel="shopify"), Filters(until=date(2000, 1, 1))):
        for ask in (
            headline.headline, headline.by_channel, headline.weekly, headline.by_category,
            headline.by_kind, products.ranking, products.categories, users.ranking,
            reasons.reasons, reasons.by_channel, reasons.by_month, reasons.heat_map,
        ):  # fmt: skip
            assert ask(marts, filters) is not None, ask


def test_a_new_publication_is_seen_without_a_restart(tmp_path: Path) -> None:
    marts = Marts(write_marts(tmp_path, "20261031T060000000000Z"))
    assert marts.about.publication_id == "20261031T060000000000Z"
    before = headline.headline(marts, Filters())
    write_marts(tmp_path, "20261101T060000000000Z")
    assert marts.about.publication_id == "20261101T060000000000Z"
    assert headline.headline(marts, Filters()) == before


def test_readers_in_threads_agree_while_publications_change(tmp_path: Path) -> None:
    marts = Marts(write_marts(tmp_path))
    expected = headline.headline(marts, Filters())
    found: list[bool] = []

    def read() -> None:
        for _ in range(20):
            found.append(headline.headline(marts, Filters()) == expected)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    write_marts(tmp_path, "20261102T060000000000Z")
    for thread in threads:
        thread.join()
    assert len(found) == 80 and all(found)


def test_marts_cannot_be_written(marts: Marts) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        marts.query("delete from orders returning order_key")


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="run `make run`"):
        _ = Marts(tmp_path / "marts.duckdb").about


def test_an_address_gives_filters_and_nonsense_gives_all(marts: Marts) -> None:
    choices = read_choices(marts)
    given = {"period": "2026-01-01..2026-03-31", "sub_channel": "noon_ae", "category": "Toys"}
    assert read_filters(given, choices, date(2026, 10, 31)) == NARROW
    nonsense = {"period": "2026-13-01..", "channel": "x' or 1=1 --", "category": "<b>"}
    assert read_filters(nonsense, choices, date(2026, 10, 31)) == Filters()


def test_no_cell_of_a_download_is_a_formula(marts: Marts) -> None:
    text = csv_text(products.ranking(marts, Filters()))
    assert FORMULA_NAME.replace('"', '""') in text
    assert f',"\'{FORMULA_NAME.replace(chr(34), chr(34) * 2)}"' in text


def test_static_pages_need_no_network_and_show_names_as_text(tmp_path: Path) -> None:
    warehouse = write_marts(tmp_path / "warehouse").parent
    first = export(warehouse)
    assert sorted(path.name for path in first.parent.iterdir()) == [
        "index.html", "products.html", "reasons.html", "users.html",
    ]  # fmt: skip
    for path in first.parent.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in text
        assert "<img" not in text.partition("<script>")[0]
        assert "20261031T060000000000Z" in text
    products_page = (first.parent / "products.html").read_text(encoding="utf-8")
    assert "&lt;img src=x onerror=" in products_page
    export(warehouse)
    assert not list(warehouse.glob(".dashboard*"))
