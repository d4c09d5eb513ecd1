"""Real files: six months of a UK retailer's ledger, and the samples of marketplace reports."""

import csv
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from extract_shop import Shop

ROWS = 209_029


def _ledger(paths: list[Path]) -> tuple[int, int, Decimal, Counter[str]]:
    """Add up the files with nothing but the standard library."""
    rows, units, money = 0, 0, Decimal(0)
    kinds: Counter[str] = Counter()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                quantity = int(row["Quantity"])
                rows += 1
                units += quantity
                money += quantity * Decimal(row["UnitPrice"])
                is_cancellation = row["InvoiceNo"].startswith("C")
                kinds[
                    "cancellation" if is_cancellation else "sale" if quantity > 0 else "other"
                ] += 1
    return rows, units, money, kinds


def test_six_real_months_land_to_the_unit_and_the_penny(shop: Shop, shared_data: Path) -> None:
    folder = shared_data / "uci_online_retail"
    shop.changes = {"marketplace_dir": None, "marketplace_folders": (("onbuy", folder),)}

    summary = shop.run()

    rows, units, money, kinds = _ledger(sorted(folder.glob("*.tsv.gz")))
    landed = shop.table("ledger_lines")
    amounts = zip(
        landed.column("quantity").to_pylist(), landed.column("unit_price").to_pylist(), strict=True
    )
    pairs = [(int(quantity), Decimal(price)) for quantity, price in amounts]
    assert rows == ROWS == summary.rows["ledger_lines"] + summary.rows["rejects"]
    assert sum(quantity for quantity, _ in pairs) == units
    assert sum((quantity * price for quantity, price in pairs), Decimal(0)) == money
    assert Counter(landed.column("entry_kind").to_pylist()) == kinds
    files = shop.rows("files", "rows_in", "rows_landed", "rows_rejected", "encoding", "status")
    assert len(files) == 6
    assert sum(row[0] for row in files) == sum(row[1] + row[2] for row in files) == ROWS
    assert {row[3:] for row in files} == {("utf-8", "landed")}
    assert shop.run().rows["ledger_lines"] == 0


SAMPLES = {
    "amazon_all_orders_29col_header.tsv": ("amazon_ae", "amazon_all_orders", 0, 0),
    "amazon_all_orders_32col_one_row.tsv": ("amazon_sa", "amazon_all_orders", 1, 0),
    "amazon_all_orders_33col_header_is-iba.tsv": ("amazon_za", "amazon_all_orders", 0, 0),
    "amazon_all_orders_35col_header.tsv": ("amazon_ae", "amazon_all_orders", 0, 0),
    "amazon_all_orders_official_LAST_UPDATE_31col_header.tsv": (
        *("amazon_ae", "amazon_all_orders"),
        *(0, 0),
    ),
    "amazon_all_orders_official_ORDER_DATE_32col_header_with_cpf.tsv": (
        *("amazon_ae", "amazon_all_orders"),
        *(0, 0),
    ),
    "amazon_fba_customer_returns_13col.tsv": ("amazon_ae", "amazon_fba_returns", 1, 0),
    "amazon_in_sale_report_selected_rows.csv": ("amazon_in", "amazon_in_sale_report", 10, 5),
    "amazon_mfn_returns_flatfile_header.tsv": ("amazon_ae", "amazon_seller_returns", 0, 0),
    "amazon_mfn_returns_flatfile_one_row.tsv": ("amazon_ae", "amazon_seller_returns", 1, 0),
    "noon_sales_export_16col_bom.csv": ("noon_ae", "noon_sales", 8, 0),
    "noon_sales_export_18col_header.csv": ("noon_ae", "noon_sales", 0, 0),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_sample_finds_its_layout(shop: Shop, shared_data: Path, name: str) -> None:
    sub_channel, layout, landed, rejected = SAMPLES[name]
    shop.put(f"{sub_channel}/{name}", (shared_data / "marketplace_samples" / name).read_bytes())
    summary = shop.run()
    assert summary.warnings == []
    assert shop.rows("files", "layout", "rows_landed", "rows_rejected") == [
        (layout, landed, rejected)
    ]


def test_the_days_that_a_spreadsheet_spoiled_are_rejects(shop: Shop, shared_data: Path) -> None:
    sample = shared_data / "marketplace_samples" / "amazon_in_sale_report_selected_rows.csv"
    shop.put("amazon_in/a.csv", sample.read_bytes())
    shop.run()
    assert set(shop.rows("rejects", "reason_code", "field")) == {("ambiguous_date", "Date")}
    assert all("/22," in text for (text,) in shop.rows("rejects", "raw_text"))


def test_every_real_sample_is_known_here(shared_data: Path) -> None:
    there = {path.name for path in (shared_data / "marketplace_samples").glob("*.?sv")}
    assert there == set(SAMPLES)
