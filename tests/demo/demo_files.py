"""Reads the written drop folder with the standard library only, independent of the extractor."""

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

Row = dict[str, str]


@dataclass(frozen=True)
class Read:
    """One file: its header, its records as dictionaries, and what is not a record."""

    header: tuple[str, ...]
    rows: list[Row]
    blank_lines: int
    repeated_headers: int
    text: str


def read(path: Path) -> Read:
    """Read a report, whatever its container, encoding and delimiter."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (name,) = archive.namelist()
            content = archive.read(name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    is_csv = ".csv" in path.name
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter="," if is_csv else "\t",
        quoting=csv.QUOTE_MINIMAL if is_csv else csv.QUOTE_NONE,
    )
    header = tuple(next(reader))
    records, blank, repeated = [], 0, 0
    for cells in reader:
        if not any(cells):
            blank += 1
        elif tuple(cells) == header:
            repeated += 1
        else:
            records.append({**dict.fromkeys(header, ""), **dict(zip(header, cells, strict=False))})
    return Read(tuple(name for name in header if name), records, blank, repeated, text)


class DropFolder:
    """A written drop folder and the facts its writer gave."""

    def __init__(self, folder: Path, files: list[dict[str, Any]], totals: list[dict[str, Any]]):
        self.folder = folder
        self.files = files
        self.totals = {(total["sub_channel"], total["currency"]): total for total in totals}

    @cached_property
    def contents(self) -> dict[str, Read]:
        return {facts["path"]: read(self.folder / facts["path"]) for facts in self.files}

    @cached_property
    def sold(self) -> "list[Sold]":
        return _sold(self)

    @cached_property
    def refunded(self) -> "list[Refunded]":
        return _refunded(self)

    def rows(self, sub_channel: str, report: str) -> list[Row]:
        """All rows of a report that count: no second copies, first versions, bad rows."""
        return list(self._rows(sub_channel, report))

    def _rows(self, sub_channel: str, report: str) -> Iterator[Row]:
        for facts in self.files:
            if (facts["sub_channel"], facts["report"]) != (sub_channel, report):
                continue
            if facts["duplicate_of"] or facts["corrected_by"]:
                continue
            rows = self.contents[facts["path"]].rows
            yield from rows[: len(rows) - len(facts["rejects"])]


def amount(text: str) -> Decimal:
    return Decimal(text or "0")


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 and time of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): (
            f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mtime:.0f}"
            if not path.name.startswith(".")
            else hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True)
class Sold:
    """One sold (not cancelled) row of an orders report."""

    sub_channel: str
    order_id: str
    sku: str
    units: int
    amount: str
    buyer: str
    day: str


@dataclass(frozen=True)
class Refunded:
    """One row of a returns report with goods or money back: no refusals, no replacements."""

    sub_channel: str
    order_id: str
    sku: str
    units: int
    amount: str
    reason: str
    day: str


def _sold(folder: DropFolder) -> list[Sold]:
    found = [
        Sold(
            code,
            row["amazon-order-id"],
            row["sku"],
            int(row["quantity"]),
            row["item-price"],
            "",
            row["purchase-date"][:10],
        )
        for code in ("amazon_ae", "amazon_sa", "amazon_in", "amazon_za")
        for row in folder.rows(code, "amazon_orders")
        if row["item-status"] != "Cancelled"
    ]
    found += [
        Sold(
            "noon_ae",
            row["item_nr"].rpartition("-")[0],
            row["partner_sku"],
            1,
            row["gmv_lcy"],
            "",
            row["order_timestamp"][:10],
        )
        for row in folder.rows("noon_ae", "noon_sales")
        if row["status"] != "Cancelled"
    ]
    found += [
        Sold(
            "onbuy",
            row["order_id"],
            row["products.sku"],
            int(row["products.quantity"]),
            row["products.unit_price"],
            row["buyer.email"],
            row["date"][:10],
        )
        for row in folder.rows("onbuy", "onbuy_orders")
        if row["status"] != "Cancelled"
    ]
    return found + [
        Sold(
            "walmart_ca",
            row["purchaseOrderId"],
            row["item.sku"],
            int(row["orderLineQuantity.amount"]),
            row["charges.chargeAmount.amount"],
            row["customerEmailId"],
            row["orderDate"][:10],
        )
        for row in folder.rows("walmart_ca", "walmart_orders")
        if row["orderLineStatuses.status"] != "Cancelled"
    ]


def _refunded(folder: DropFolder) -> list[Refunded]:
    found = [
        Refunded(
            code,
            row["Order ID"],
            row["Merchant SKU"],
            int(row["Return quantity"]),
            row["Refunded Amount"],
            row["Return Reason"],
            row["Return request date"],
        )
        for code in ("amazon_ae", "amazon_sa", "amazon_in", "amazon_za")
        for row in folder.rows(code, "amazon_seller_returns")
        if row["Return type"] == "C-Returns" and row["Resolution"] not in ("", "Replacement")
    ]
    found += [
        Refunded(code, row["order-id"], row["sku"], 1, "", row["reason"], row["return-date"][:10])
        for code in ("amazon_ae", "amazon_in")
        for row in folder.rows(code, "amazon_fba_returns")
        if not row["reason"].startswith("UNDELIVERABLE")
    ]
    found += [
        Refunded(
            "noon_ae",
            row["order_id"],
            row["sku"],
            int(row["refunded_quantity"]),
            row["refund_amount"],
            row["reason"],
            row["requested_at"][:10],
        )
        for row in folder.rows("noon_ae", "noon_returns")
        if row["refunded_quantity"]
    ]
    found += [
        Refunded(
            "onbuy",
            row["order_id"],
            row["items.sku"],
            int(row["items.quantity"]),
            row["items.amount"],
            row.get("refund_reason") or row.get("customer_note", ""),
            row["requested_at"][:10],
        )
        for row in folder.rows("onbuy", "onbuy_refunds")
        if not row["seller_note"]
    ]
    return found + [
        Refunded(
            "walmart_ca",
            row["purchaseOrderId"],
            row["item.sku"],
            int(row["refundedQty"]),
            row["chargeTotals.lineTotal"] or row["charges.chargePerUnit"],
            row["returnReason"],
            row["returnOrderDate"][:10],
        )
        for row in folder.rows("walmart_ca", "walmart_returns")
        if row["refundedQty"] != "0"
        and row["returnReason"] not in ("RETURN_TO_SENDER", "LOST_IN_TRANSIT")
    ]
