"""Six real months of a ledger with cancellations that name no order, from end to end."""

import csv
import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from warehouse_run import SHARED_DATA, Warehouse

MONTHS = SHARED_DATA / "uci_online_retail"
ROWS = 209_029

pytestmark = pytest.mark.skipif(
    not MONTHS.is_dir(), reason=f"the real ledger is not in {MONTHS.name} of SHARED_DATA_DIR"
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    home: Path = tmp_path_factory.mktemp("uci")
    company = Warehouse(home, f"onbuy={MONTHS}", "2011-06-01")
    company.call("serve", "run")
    return company


def _counted_by_hand() -> tuple[int, int, Decimal]:
    rows, units, amount = 0, 0, Decimal(0)
    for path in sorted(MONTHS.glob("*.tsv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                rows += 1
                units += int(row["Quantity"])
                amount += int(row["Quantity"]) * Decimal(row["UnitPrice"])
    return rows, units, amount


def test_rows_units_and_money_reconcile_to_the_unit_and_the_penny(ledger: Warehouse) -> None:
    rows, units, amount = _counted_by_hand()
    assert rows == ROWS
    assert ledger.one(
        "select sum(rows_in_source), sum(rows_raw) + sum(rows_rejected), "
        "sum(rows_core) + sum(rows_excluded) + sum(rows_rejected), "
        "sum(units_core) + sum(units_excluded), sum(amount_core) + sum(amount_excluded), "
        "bool_and(is_reconciled) from reconciliation"
    ) == (rows, rows, rows, units, amount, True)


def test_core_holds_what_is_not_excluded(ledger: Warehouse) -> None:
    sold, given_back = ledger.one(
        "select (select sum(units_sold) from order_items), "
        "(select sum(units_refunded) from refund_items)"
    )
    (left_out,) = ledger.one("select sum(units) from exclusions where left_out_of = 'core'")
    assert sold - given_back + left_out == _counted_by_hand()[1]


def test_cancellations_fit_earlier_purchases_of_the_same_customer(ledger: Warehouse) -> None:
    assert (
        ledger.ask(
            "select refund_item_key from refund_items inner join order_items "
            "using (order_item_key) where refund_items.user_key != order_items.user_key "
            "or refund_items.product_key != order_items.product_key "
            "or refund_items.refunded_at < order_items.ordered_at"
        )
        == []
    )
    matched, same_price = ledger.one(
        "select count(*), count(*) filter (where "
        "abs(refund_amount / refund_items.units_refunded - unit_price) < 0.005) "
        "from refund_items inner join order_items using (order_item_key)"
    )
    # Price takes no part in the matching, so that it agrees says that the matches are right.
    assert matched > 2_000
    assert same_price / matched > 0.9


def test_a_famous_order_cancelled_within_minutes_is_whole(ledger: Warehouse) -> None:
    assert ledger.one(
        "select units_sold, units_refunded, has_return from orders where order_id = '541431'"
    ) == (74_215, 74_215, True)
