"""The files say what their writer says, read by an independent reader; and they are ugly."""

from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from demo_files import DropFolder, Row, amount

from demo.company import AS_OF, MARKETPLACES
from demo.company.channels import CURRENCY_DECIMALS
from demo.reports.plan import REPORTS

HOME = {one.code: one.home_currency for one in MARKETPLACES}


def test_every_file_has_the_rows_that_its_facts_say(drop_folder: DropFolder) -> None:
    for facts in drop_folder.files:
        found = drop_folder.contents[facts["path"]]
        assert len(found.rows) == facts["rows"] + len(facts["rejects"]), facts["path"]
        assert found.blank_lines == facts["blank_lines"]
        assert found.repeated_headers == facts["repeated_headers"]
        assert len(found.header) == facts["columns"]
    on_disk = {
        path.relative_to(drop_folder.folder).as_posix()
        for path in drop_folder.folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert on_disk == {facts["path"] for facts in drop_folder.files}


def test_about_as_many_lines_as_asked_for(drop_folder: DropFolder) -> None:
    lines = sum(total["order_lines"] for total in drop_folder.totals.values())
    asked = 60_000 if lines > 10_000 else 1_000
    assert abs(lines - asked) / asked < 0.1


def test_every_report_of_every_marketplace_is_there(drop_folder: DropFolder) -> None:
    wanted = {(code, report.sql) for report in REPORTS for code in report.sub_channels}
    assert {(facts["sub_channel"], facts["report"]) for facts in drop_folder.files} == wanted


# How each report names quantity, amount, currency and status; None where it has no such column.
_ORDERS: dict[str, tuple[str, Callable[[Row], int], Callable[[Row], Decimal | None], str, str]] = {
    "amazon": (
        "amazon_orders",
        lambda row: int(row["quantity"]),
        lambda row: amount(row["item-price"]) if row["item-price"] else None,
        "",
        "item-status",
    ),
    "noon_ae": (
        "noon_sales",
        lambda row: 1,
        lambda row: amount(row["gmv_lcy"]),
        "currency_code",
        "status",
    ),
    "onbuy": (
        "onbuy_orders",
        lambda row: int(row["products.quantity"]),
        lambda row: amount(row["products.unit_price"]) * int(row["products.quantity"]),
        "currency_code",
        "status",
    ),
    "walmart_ca": (
        "walmart_orders",
        lambda row: int(row["orderLineQuantity.amount"]),
        lambda row: amount(row["charges.chargeAmount.amount"]),
        "charges.chargeAmount.currency",
        "orderLineStatuses.status",
    ),
}


def test_sales_of_the_files_add_up_to_the_expected_totals(drop_folder: DropFolder) -> None:
    for one in MARKETPLACES:
        report, units, money, currency_column, status = _ORDERS[
            "amazon" if one.code.startswith("amazon") else one.code
        ]
        found: dict[str, Counter[str]] = defaultdict(Counter)
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in drop_folder.rows(one.code, report):
            currency = row[currency_column] if currency_column else one.home_currency
            counts = found[currency]
            if row[status] == "Cancelled":
                counts["units_cancelled"] += units(row)
                continue
            counts["units_sold"] += units(row)
            paid = money(row)
            counts["lines_without_price"] += paid is None
            sums[currency] += paid or 0
        for currency, counts in found.items():
            total = drop_folder.totals[one.code, currency]
            for name in ("units_cancelled", "units_sold", "lines_without_price"):
                assert counts[name] == total[name], (one.code, name)
            assert sums[currency] == Decimal(total["sales_amount"]), one.code


def _amazon_refunds(drop_folder: DropFolder, code: str) -> tuple[int, Decimal]:
    rows = drop_folder.rows(code, "amazon_seller_returns")
    refunded = [
        row
        for row in rows
        if row["Return type"] == "C-Returns" and row["Resolution"] not in ("", "Replacement")
    ]
    units = sum(int(row["Return quantity"]) for row in refunded)
    if code in ("amazon_ae", "amazon_in"):
        units += sum(
            not row["reason"].startswith("UNDELIVERABLE")
            for row in drop_folder.rows(code, "amazon_fba_returns")
        )
    return units, sum((amount(row["Refunded Amount"]) for row in rows), Decimal())


def test_refunds_of_the_files_add_up_to_the_expected_totals(drop_folder: DropFolder) -> None:
    for code in ("amazon_ae", "amazon_sa", "amazon_in", "amazon_za"):
        total = drop_folder.totals[code, HOME[code]]
        assert _amazon_refunds(drop_folder, code) == (
            total["units_refunded"],
            Decimal(total["refund_amount_stated"]),
        )
    for (code, currency), total in drop_folder.totals.items():
        if code == "noon_ae":
            rows = drop_folder.rows(code, "noon_returns")
            rows = [row for row in rows if row["currency"] == currency]
            units = sum(int(row["refunded_quantity"]) for row in rows)
            money = sum((amount(row["refund_amount"]) for row in rows), Decimal())
            shipping = sum((amount(row["shipping_refund_amount"]) for row in rows), Decimal())
            assert shipping == Decimal(total["shipping_refund_amount_stated"])
        elif code == "onbuy":
            rows = drop_folder.rows(code, "onbuy_refunds")
            units = sum(int(row["items.quantity"]) for row in rows if not row["seller_note"])
            money = sum((amount(row["items.amount"]) for row in rows), Decimal())
        elif code == "walmart_ca":
            rows = drop_folder.rows(code, "walmart_returns")
            undelivered = ("RETURN_TO_SENDER", "LOST_IN_TRANSIT")
            units = sum(
                int(row["refundedQty"]) for row in rows if row["returnReason"] not in undelivered
            )
            money = sum((_walmart_money(row) for row in rows), Decimal())
        else:
            continue
        assert units == total["units_refunded"], code
        assert money == Decimal(total["refund_amount_stated"]), code


def _walmart_money(row: Row) -> Decimal:
    if row["chargeTotals.lineTotal"]:
        return amount(row["chargeTotals.lineTotal"])
    return amount(row["charges.chargePerUnit"]) * int(row["refundedQty"])


def test_amounts_have_the_decimals_of_their_currency(usual: DropFolder) -> None:
    for row in usual.rows("noon_ae", "noon_sales"):
        digits = row["gmv_lcy"].partition(".")[2]
        assert len(digits) == CURRENCY_DECIMALS[row["currency_code"]]


def test_cancelled_amazon_rows_keep_amounts_quantities_or_neither(usual: DropFolder) -> None:
    kinds = Counter(
        (row["quantity"] != "0", bool(row["item-price"]), row["order-status"])
        for row in usual.rows("amazon_in", "amazon_orders")
        if row["item-status"] == "Cancelled"
    )
    assert {(True, True), (False, True), (False, False)} <= {kind[:2] for kind in kinds}
    assert any(kind[2] != "Cancelled" for kind in kinds), "the two statuses never disagree"


def test_blank_refund_amounts_are_common_on_amazon(usual: DropFolder) -> None:
    rows = [
        row
        for code in HOME
        if code.startswith("amazon")
        for row in usual.rows(code, "amazon_seller_returns")
        if row["Resolution"] not in ("", "Replacement")
    ]
    blank = sum(not row["Refunded Amount"] for row in rows) / len(rows)
    assert 0.35 < blank < 0.45


def test_every_kind_of_ugliness_is_planted(drop_folder: DropFolder) -> None:
    folder, files = drop_folder.folder, {facts["path"]: facts for facts in drop_folder.files}
    raw = {path: (folder / path).read_bytes() for path in files}
    assert {facts["encoding"] for facts in files.values()} == {"utf-8", "utf-8-sig", "cp1252"}
    assert {facts["container"] for facts in files.values()} == {"none", "gzip", "zip"}
    assert raw["noon_ae/noon-sales-export-2026-03.csv"].startswith(b"\xef\xbb\xbf")
    assert b"Caf\xe9" in raw["amazon_za/all-orders-2026-06.txt"]
    assert b"\r\n" in raw["amazon_ae/all-orders-2026-07.txt"]
    assert b"\r" not in raw["amazon_sa/all-orders-2026-07.txt"]
    assert b'17"-32"' in raw["amazon_ae/all-orders-2026-07.txt"]
    assert raw["amazon_sa/all-orders-2025-12.txt"].endswith(b"\n\n\n")
    lines = raw["amazon_ae/all-orders-2026-03.txt"].splitlines()
    assert all(line.count(b"\t") < lines[0].count(b"\t") for line in lines[1:])
    assert all(line.endswith(b"\t\t") for line in raw["amazon_in/returns-2026-07.tsv"].splitlines())
    widths = {facts["columns"] for facts in files.values() if facts["report"] == "amazon_orders"}
    assert widths == {29, 31, 32, 33, 35}
    assert {f["columns"] for f in files.values() if f["report"] == "noon_sales"} == {16, 18}
    assert sum(facts["repeated_headers"] for facts in files.values()) == 1


def test_planted_bad_rows_are_few_and_of_many_kinds(drop_folder: DropFolder) -> None:
    codes = Counter(code for facts in drop_folder.files for code in facts["rejects"])
    assert codes == Counter(
        too_many_fields=1,
        bad_date=1,
        ambiguous_date=1,
        bad_number=2,
        unbalanced_quote=1,
        missing_required=1,
    )
    rows = sum(facts["rows"] for facts in drop_folder.files)
    assert sum(codes.values()) / rows < 0.006


def test_files_are_dated_the_day_after_their_month(usual: DropFolder) -> None:
    def day(path: str) -> str:
        return f"{Path(usual.folder / path).stat().st_mtime:.0f}"

    assert day("noon_ae/returns-2026-02.csv") == "1772323200"  # 2026-03-01
    assert day("noon_ae/returns-2026-10.csv") == f"{AS_OF.timestamp():.0f}"


def test_months_are_sorted_and_hold_their_own_days_only(usual: DropFolder) -> None:
    for facts in usual.files:
        if facts["report"] != "noon_sales":
            continue
        moments = [row["order_timestamp"] for row in usual.contents[facts["path"]].rows]
        assert all(left <= right for left, right in pairwise(moments))
        assert {moment[:7] for moment in moments} == {facts["path"][-11:-4]}


@pytest.mark.parametrize("column", ["buyer.name", "buyer.email"])
def test_customers_are_nobody(usual: DropFolder, column: str) -> None:
    for row in usual.rows("onbuy", "onbuy_orders"):
        text = row[column]
        assert not text or text.startswith("Customer ") or text.endswith("@example.com")
