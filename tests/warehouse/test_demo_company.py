"""The published marts of the demo company against what its generator put into the files."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warehouse_run import Warehouse

from demo.company import stories
from demo.company.channels import BY_CODE


def test_units_sold_and_orders_are_those_of_the_company(
    demo_company: Warehouse, expected: dict[str, Any]
) -> None:
    wanted: Counter[tuple[str, str]] = Counter()
    for total in expected["totals"]:
        for name in ("orders", "units_sold", "units_cancelled"):
            wanted[total["sub_channel"], name] += total[name]
    found = {
        (sub_channel, name): value
        for sub_channel, *values in demo_company.ask(
            "select sub_channel, orders, units_sold, units_cancelled from channel_kpis "
            "where channel = 'marketplace' and sub_channel != 'all'"
        )
        for name, value in zip(("orders", "units_sold", "units_cancelled"), values, strict=True)
    }
    assert found == dict(wanted)


def test_money_sold_is_that_of_the_company_to_the_penny(
    demo_company: Warehouse, expected: dict[str, Any]
) -> None:
    found = demo_company.ask(
        "select sub_channel, currency, sum(sales_amount) from order_items "
        "where channel = 'marketplace' group by all"
    )
    wanted = {
        (total["sub_channel"], total["currency"]): Decimal(total["sales_amount"])
        for total in expected["totals"]
    }
    assert {(sub_channel, currency): amount for sub_channel, currency, amount in found} == wanted


def test_units_refunded_are_those_of_the_company(
    demo_company: Warehouse, expected: dict[str, Any]
) -> None:
    # OnBuy's report has no word for a parcel that never arrived: there the two are one number.
    # Lines that only their order's status calls undelivered are in no returns report.
    wanted: Counter[str] = Counter()
    for total in expected["totals"]:
        wanted[total["sub_channel"]] += total["units_refunded"] + total["units_undelivered"]
    found = demo_company.ask(
        "select sub_channel, sum(units_refunded) from refund_items "
        "where refund_kind in ('return', 'refund_only', 'undelivered') "
        "and channel = 'marketplace' and record_type = 'return_lines' group by all"
    )
    assert dict(found) == dict(wanted)


def test_stated_refund_money_is_that_of_the_company(
    demo_company: Warehouse, expected: dict[str, Any]
) -> None:
    wanted: Counter[str] = Counter()
    for total in expected["totals"]:
        wanted[total["sub_channel"]] += Decimal(total["refund_amount_stated"])
        wanted[total["sub_channel"]] += Decimal(total["shipping_refund_amount_stated"])
    found = demo_company.ask(
        "select sub_channel, coalesce(sum(refund_amount), 0) from refund_items "
        "where channel = 'marketplace' group by all"
    )
    assert dict(found) == dict(wanted)


def test_every_planted_bad_row_is_a_reject(
    demo_company: Warehouse, expected: dict[str, Any]
) -> None:
    wanted = sorted((file["path"], code) for file in expected["files"] for code in file["rejects"])
    found = demo_company.ask("select source_batch, reason_code from rejected_rows")
    assert sorted(found) == wanted


def test_every_file_reconciles(demo_company: Warehouse, expected: dict[str, Any]) -> None:
    contents = [file for file in expected["files"] if not file["duplicate_of"]]
    rows_in = sum(file["rows"] + len(file["rejects"]) for file in contents)
    assert demo_company.one(
        "select count(*), count(*) filter (where is_reconciled), sum(rows_in_source) "
        "from reconciliation where source = 'marketplace'"
    ) == (len(contents), len(contents), rows_in)


def test_the_defective_product_leads(demo_company: Warehouse) -> None:
    rank, units, rate, category = demo_company.one(
        "select refund_rank, units_sold, refund_rate, top_reason_category from product_refunds "
        "where sku = ?",
        [stories.DEFECTIVE.sku],
    )
    assert (rank, category) == (1, "PRODUCT_ISSUES")
    assert units >= 200
    assert 0.28 <= rate <= 0.42


def test_the_wrong_listing_is_told_from_a_defect(demo_company: Warehouse) -> None:
    assert demo_company.one(
        "select top_reason from product_refunds where sku = ?", [stories.MISLISTED.sku]
    ) == ("not_as_described",)


def test_customers_who_return_too_much_are_ranked(demo_company: Warehouse) -> None:
    ranking = demo_company.ask(
        "select sub_channel, orders, orders_with_return from user_refunds "
        "order by return_rank limit 10"
    )
    for customer in (stories.SERIAL_RETURNER, stories.WARDROBER):
        assert (customer.sub_channel, customer.orders, customer.returned_orders) in ranking
    # The rank goes by money, the verdict by proof.
    assert demo_company.ask(
        "select sub_channel, orders from user_refunds where severity = 'critical'"
    ) == [(stories.SERIAL_RETURNER.sub_channel, stories.SERIAL_RETURNER.orders)]


def test_only_the_channel_that_got_worse_doubles(demo_company: Warehouse) -> None:
    now, before, direction = demo_company.one(
        "select current_refund_rate, previous_refund_rate, trend_direction from channel_kpis "
        "where sub_channel = ?",
        [stories.WORSENED.sub_channel],
    )
    assert direction == "up"
    assert now >= 2 * before


def test_a_line_of_three_that_came_back_is_one_hundred_percent(demo_company: Warehouse) -> None:
    assert demo_company.one(
        "select units_sold, units_refunded, units_refunded / units_sold from orders "
        "where order_id = ?",
        [stories.THREE_UNITS.order_id],
    ) == (3, 3, 1.0)


def test_an_over_refund_is_listed_and_in_no_rate(demo_company: Warehouse) -> None:
    order_id = stories.OVER_REFUND.order_id
    assert demo_company.one(
        "select over_refunds.units_sold, over_refunds.units_refunded, units_over_refunded "
        "from over_refunds inner join orders using (order_key) where order_id = ?",
        [order_id],
    ) == (1, 2, 1)
    assert demo_company.one(
        "select max(order_items.units_refunded) from order_items "
        "inner join orders using (order_key) where order_id = ?",
        [order_id],
    ) == (1,)


def test_twin_lines_are_two_units(demo_company: Warehouse) -> None:
    assert demo_company.one(
        "select order_items, units_sold from orders where order_id = ?",
        [stories.TWIN_LINES.order_id],
    ) == (2, 2)


def test_a_missing_rate_is_null_and_counted(demo_company: Warehouse) -> None:
    orders = [order.order_id for order in stories.MISSING_RATE]
    assert demo_company.ask(
        "select distinct currency, sales_usd, refund_usd from orders where order_id in (?, ?)",
        orders,
    ) == [("KWD", None, None)]
    assert demo_company.one(
        "select count(*) from order_items where currency = 'KWD' and sales_amount is not null"
    ) == demo_company.one(
        "select sum(row_count) from missing_rates where table_name = 'order_items'"
    )
    assert demo_company.ask("select distinct currency from missing_rates") == [("KWD",)]


def test_unmapped_reasons_are_listed_in_both_scripts(demo_company: Warehouse) -> None:
    planted = {
        planned.wording
        for order in stories.UNMAPPED_REASONS
        for line in order.lines
        for planned in line.returns
    }
    listed = {raw for (raw,) in demo_company.ask("select raw_reason from unmapped_reasons")}
    assert planted <= listed
    assert demo_company.ask(
        "select distinct reason_category, reason from refund_items where raw_reason in (?, ?)",
        sorted(str(wording) for wording in planted),
    ) == [("UNKNOWN", "unmapped")]


def test_guests_are_nobody_and_are_counted(demo_company: Warehouse) -> None:
    guests = [order.order_id for order in stories.GUESTS]
    assert demo_company.one(
        "select count(*), count(user_key) from orders where order_id in (select unnest(?))",
        [guests],
    ) == (len(guests), 0)
    assert demo_company.one(
        "select sum(row_count) from exclusions "
        "where excluded_reason = 'guest_order' and left_out_of = 'user_refunds'"
    ) == demo_company.one("select count(*) from orders where user_key is null")


def test_only_corrections_count(demo_company: Warehouse) -> None:
    corrected = [order.order_id for order in stories.CORRECTED]
    for sold, refunded in demo_company.ask(
        "select sales_amount, (select sum(refund_amount) from refund_items "
        "where refund_items.order_key = orders.order_key) from orders "
        "where order_id in (select unnest(?))",
        [corrected],
    ):
        assert refunded is None or refunded <= sold
    assert demo_company.one(
        "select count(*) from return_items where reported_order_id = ?",
        [stories.WITHDRAWN_ORDER_ID],
    ) == (0,)


def test_names_read_as_written(demo_company: Warehouse) -> None:
    (accented,) = demo_company.one(
        "select any_value(product_name) from products "
        "inner join order_items using (product_key) inner join orders using (order_key) "
        "where order_id = ?",
        [stories.ACCENTED.order_id],
    )
    assert "Ã" not in accented


def test_sub_channels_without_customers_have_none(demo_company: Warehouse) -> None:
    known = {
        sub_channel for (sub_channel,) in demo_company.ask("select distinct sub_channel from users")
    }
    assert known == {code for code in known if BY_CODE[code].knows_customers}


def test_shared_files_carry_no_contact(demo_company: Warehouse) -> None:
    exports = demo_company.home / "warehouse" / "exports" / "current"
    contacts = demo_company.home / "warehouse" / "restricted.duckdb"
    with duckdb.connect(str(contacts), read_only=True) as connection:
        emails = [
            email.encode()
            for (email,) in connection.execute(
                "select email from user_contacts where email is not null"
            ).fetchall()
        ]
    assert emails
    assert contacts.stat().st_mode & 0o777 == 0o600
    for path in sorted(Path(exports).glob("*.parquet")):
        with duckdb.connect() as connection:
            rows = connection.execute(f"select * from read_parquet('{path}')").fetchall()
        text = repr(rows).encode()
        assert not [email for email in emails[:200] if email in text], path.name


@pytest.mark.parametrize("selected", ["test_type:unit", "tag:inner"])
def test_every_model_holds_what_it_says(demo_company: Warehouse, selected: str) -> None:
    target = ("--target-path", str(demo_company.home / "target"))
    told = demo_company.call("serve", "dbt", "test", "--select", selected, *target)
    assert "ERROR=0" in told
    assert "PASS=0 " not in told
