"""The exported truth and the files are the same company."""

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import SMALLEST
from demo_files import DropFolder

from demo import Outcome, truth
from demo.company import AS_OF, MARKETPLACES, SUB_CHANNELS


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return truth(tmp_path_factory.mktemp("truth") / "truth", *SMALLEST)


def _ask(exported: Outcome, table: str, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        path = exported.folder / table / "*.parquet"
        return connection.execute(sql.format(f"read_parquet('{path}')")).fetchall()


def test_it_expects_what_the_files_hold(exported: Outcome, smallest: DropFolder) -> None:
    expected = json.loads((exported.folder / "expected.json").read_text(encoding="utf-8"))
    assert expected["files"] == smallest.files
    assert {(t["sub_channel"], t["currency"]): t for t in expected["totals"]} == smallest.totals


def test_it_holds_every_channel(exported: Outcome) -> None:
    found = _ask(exported, "orders", "select distinct sub_channel from {} order by all")
    assert found == [(code,) for code in sorted(one.code for one in SUB_CHANNELS)]
    currencies = _ask(
        exported,
        "orders",
        "select count(distinct currency) from {} where sub_channel = 'desertcart'",
    )
    assert currencies >= [(15,)]


def test_its_lines_are_those_of_the_files(exported: Outcome, smallest: DropFolder) -> None:
    sums = _ask(
        exported,
        "order_lines",
        "select sub_channel, currency, count(*), sum(quantity) filter (line_state != 'cancelled')"
        " from {} group by all",
    )
    codes = {one.code for one in MARKETPLACES}
    assert {
        (code, currency): (lines, units) for code, currency, lines, units in sums if code in codes
    } == {
        key: (total["order_lines"], total["units_sold"]) for key, total in smallest.totals.items()
    }


def test_a_refund_is_never_more_than_its_units_cost(exported: Outcome) -> None:
    with duckdb.connect() as connection:
        bad = connection.execute(
            f"""
            select count(*)
            from read_parquet('{exported.folder}/refunds/*.parquet') as refunds
            inner join read_parquet('{exported.folder}/order_lines/*.parquet') as lines
                using (sub_channel, order_id, line_no)
            where refunds.refund_amount > lines.unit_price * refunds.units
                or refunds.units > lines.quantity
                or refunds.refunded_at > $as_of or refunds.requested_at > $as_of
            """,
            {"as_of": AS_OF.replace(tzinfo=None)},
        ).fetchall()
    assert bad == [(0,)]


def test_refunds_take_about_a_week_and_six_at_most(exported: Outcome) -> None:
    with duckdb.connect() as connection:
        ((median, longest),) = connection.execute(
            f"""
            select
                median(date_diff('hour', ordered_at, refunded_at)) / 24.0,
                max(date_diff('hour', ordered_at, refunded_at)) / 24.0
            from read_parquet('{exported.folder}/refunds/*.parquet') as refunds
            inner join read_parquet('{exported.folder}/orders/*.parquet') as orders
                using (sub_channel, order_id)
            where kind in ('return', 'refund_only')
            """
        ).fetchall()
    assert 5 < median < 11
    assert longest < 50


def test_amounts_are_decimals(exported: Outcome) -> None:
    ((amount,),) = _ask(exported, "refunds", "select max(refund_amount) from {}")
    assert isinstance(amount, Decimal)


def test_the_export_is_left_alone_when_it_is_there(exported: Outcome) -> None:
    again: Path = exported.folder
    assert not truth(again, *SMALLEST).is_new
