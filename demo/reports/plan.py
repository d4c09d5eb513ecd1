"""Which reports each marketplace drops, and what is ugly about which file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from demo.company.channels import MARKETPLACES
from demo.company.period import AS_OF, FIRST_DAY, LAST_DAY
from demo.reports import headers

Container = Literal["none", "gzip", "zip"]
Header = tuple[str, ...]


def _months() -> tuple[str, ...]:
    names = []
    year, month = FIRST_DAY.year, FIRST_DAY.month
    while (year, month) <= (LAST_DAY.year, LAST_DAY.month):
        names.append(f"{year}-{month:02d}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(names)


MONTHS = _months()


def delivered_at(month: str) -> datetime:
    """Return when the file of a month was dropped: the day after it, UTC, never after AS_OF."""
    year, number = (int(part) for part in month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return min(datetime(after.year, after.month, after.day, tzinfo=UTC), AS_OF)


@dataclass(frozen=True)
class Report:
    """One kind of file of some marketplaces, written once a month.

    `sql` is the file in this folder that words the rows. `header` says which columns a month's
    file has and in which order; columns that the SQL does not know stay blank.
    """

    sql: str
    sub_channels: tuple[str, ...]
    stem: str
    suffix: str
    header: Callable[[str, str], Header]
    delimiter: Literal["\t", ","] = "\t"
    quoted: tuple[str, ...] = ()
    """Columns that may hold a comma or a quote, of a comma-separated report."""

    def path(self, sub_channel: str, month: str) -> str:
        """Return where the plain file stands in the drop folder."""
        return f"{sub_channel}/{self.stem}-{month}{self.suffix}"


def _always(header: Header) -> Callable[[str, str], Header]:
    return lambda _sub_channel, _month: header


def _amazon_orders(sub_channel: str, month: str) -> Header:
    if sub_channel == "amazon_ae":
        # Amazon added the business columns at some time.
        return headers.AMAZON_29 if month < "2026-05" else headers.AMAZON_32
    return {
        "amazon_sa": headers.AMAZON_31,
        "amazon_in": headers.AMAZON_33,
        "amazon_za": headers.shuffled(headers.AMAZON_35),
    }[sub_channel]


def _noon_sales(_sub_channel: str, month: str) -> Header:
    return headers.NOON_SALES_18 if month < "2026-04" else headers.NOON_SALES_16


def _onbuy_refunds(_sub_channel: str, month: str) -> Header:
    return headers.ONBUY_REFUNDS_BY_ID if month < "2026-01" else headers.ONBUY_REFUNDS_BY_TEXT


_AMAZON = ("amazon_ae", "amazon_sa", "amazon_in", "amazon_za")
ORDERS, RETURNS = "orders", "returns"

REPORTS = (
    Report("amazon_orders", _AMAZON, "all-orders", ".txt", _amazon_orders),
    Report(
        "amazon_seller_returns", _AMAZON, RETURNS, ".tsv", _always(headers.AMAZON_SELLER_RETURNS)
    ),
    Report(
        "amazon_fba_returns",
        ("amazon_ae", "amazon_in"),
        "fba-returns",
        ".txt",
        _always(headers.AMAZON_FBA_RETURNS),
    ),
    Report("noon_sales", ("noon_ae",), "noon-sales-export", ".csv", _noon_sales, ","),
    Report(
        "noon_returns",
        ("noon_ae",),
        RETURNS,
        ".csv",
        _always(headers.GENERIC_RETURNS),
        ",",
        ("product_name", "reason"),
    ),
    Report("onbuy_orders", ("onbuy",), ORDERS, ".tsv", _always(headers.ONBUY_ORDERS)),
    Report("onbuy_refunds", ("onbuy",), "refunds", ".tsv", _onbuy_refunds),
    Report("walmart_orders", ("walmart_ca",), ORDERS, ".tsv", _always(headers.WALMART_ORDERS)),
    Report("walmart_returns", ("walmart_ca",), RETURNS, ".tsv", _always(headers.WALMART_RETURNS)),
)


def reports_of(sub_channel: str) -> list[Report]:
    """Return the reports of a marketplace."""
    return [report for report in REPORTS if sub_channel in report.sub_channels]


@dataclass(frozen=True)
class BadRow:
    """A row that no reader can read, added at the end of a file. It stands for no order.

    `cells` are the values by header, `beyond` is a cell past the last column; `raw` replaces all.
    """

    reason_code: str
    cells: Mapping[str, str] = field(default_factory=dict)
    beyond: str = ""
    raw: str = ""


@dataclass(frozen=True)
class Quirk:
    """What is ugly about one file. The default is a plain UTF-8 file with Unix line ends."""

    encoding: Literal["utf-8", "utf-8-sig", "cp1252"] = "utf-8"
    line_end: Literal["\n", "\r\n"] = "\n"
    container: Container = "none"
    is_cut_short: bool = False
    """Blank cells at the end of a row are left out, as Amazon does."""
    blank_columns: int = 0
    """Nameless columns at the end of every row, as a spreadsheet leaves them."""
    repeats_header: bool = False
    """The header stands again after the first row."""
    blank_lines: int = 0
    bad_rows: tuple[BadRow, ...] = ()


_AMAZON_BAD = {
    "amazon-order-id": "402-0000000-0000001",
    "purchase-date": "2026-02-14T10:00:00+00:00",
    "order-status": "Shipped",
    "product-name": "Row that a spreadsheet broke",
    "sku": "BROKEN-1",
    "item-status": "Shipped",
    "quantity": "1",
    "currency": "AED",
    "item-price": "10.00",
}
_SELLER_RETURN_BAD = {
    "Order ID": "402-0000000-0000002",
    "Return request date": "14-Mar-2026",
    "Return request status": "Approved",
    "Merchant SKU": "BROKEN-1",
    "Return quantity": "1",
    "Return Reason": "CR-DEFECTIVE",
}

_PLAIN = Quirk()
_QUIRKS: dict[tuple[str, str, str], Quirk] = {
    ("amazon_ae", "amazon_orders", "2026-02"): Quirk(
        line_end="\r\n",
        bad_rows=(
            BadRow("too_many_fields", {**_AMAZON_BAD, "promotion-ids": "PROMO"}, beyond="10.00"),
        ),
    ),
    ("amazon_ae", "amazon_seller_returns", "2026-03"): Quirk(repeats_header=True),
    ("amazon_sa", "amazon_orders", "2025-12"): Quirk(blank_lines=2),
    ("amazon_sa", "amazon_orders", "2026-02"): Quirk(container="gzip"),
    ("amazon_sa", "amazon_seller_returns", "2026-03"): Quirk(
        encoding="utf-8-sig",
        bad_rows=(
            BadRow("bad_date", {**_SELLER_RETURN_BAD, "Return request date": "31-Foo-2026"}),
        ),
    ),
    ("amazon_in", "amazon_seller_returns", "2026-07"): Quirk(
        blank_columns=2,
        bad_rows=(
            BadRow("ambiguous_date", {**_SELLER_RETURN_BAD, "Return request date": "05/06/2026"}),
        ),
    ),
    ("amazon_za", "amazon_orders", "2026-06"): Quirk(encoding="cp1252", line_end="\r\n"),
    ("amazon_za", "amazon_orders", "2026-08"): Quirk(
        bad_rows=(BadRow("bad_number", {**_AMAZON_BAD, "currency": "ZAR", "item-price": "1O9.00"}),)
    ),
    ("noon_ae", "noon_returns", "2026-08"): Quirk(
        encoding="utf-8-sig",
        bad_rows=(BadRow("unbalanced_quote", raw='RT0,RT0-1,NAEI0,BROKEN-1,"Never closed,1'),),
    ),
    ("onbuy", "onbuy_orders", "2026-01"): Quirk(
        bad_rows=(
            BadRow(
                "missing_required",
                {
                    "date": "2026-01-20 10:00:00",
                    "status": "Complete",
                    "currency_code": "GBP",
                    "products.sku": "BROKEN-1",
                    "products.unit_price": "5.00",
                    "products.quantity": "1",
                },
            ),
        )
    ),
    ("walmart_ca", "walmart_orders", "2026-05"): Quirk(
        bad_rows=(
            BadRow(
                "bad_number",
                {
                    "purchaseOrderId": "200010000000000",
                    "orderDate": "2026-05-20T10:00:00Z",
                    "orderLines.lineNumber": "1",
                    "item.sku": "BROKEN-1",
                    "orderLineQuantity.amount": "one",
                    "charges.chargeAmount.amount": "5.00",
                    "charges.chargeAmount.currency": "CAD",
                    "orderLineStatuses.status": "Shipped",
                },
            ),
        )
    ),
    ("walmart_ca", "walmart_returns", "2025-12"): Quirk(container="zip"),
}


def quirk_of(sub_channel: str, report: Report, month: str) -> Quirk:
    """Return what is ugly about a file: its own quirks, else the habits of its marketplace."""
    own = _QUIRKS.get((sub_channel, report.sql, month))
    if own is not None:
        return own
    if report.sql == "noon_sales":
        return Quirk(encoding="utf-8-sig")
    if report.sql == "amazon_orders" and sub_channel == "amazon_ae":
        return Quirk(line_end="\r\n", is_cut_short=True)
    if sub_channel == "onbuy" and month >= "2026-05":
        return Quirk(container="gzip")
    return _PLAIN


DELIVERED_TWICE = ("onbuy", "onbuy_orders", "2026-02")
"""(sub-channel, report, month) of the file that lies there a second time under another name."""

CORRECTED_FILES = (
    ("amazon_sa", "amazon_orders", "2026-04"),
    ("amazon_sa", "amazon_seller_returns", "2026-04"),
)
"""Files that were corrected: the first version keeps the usual name, the correction comes nine
days later under a name of its own."""

assert {code for report in REPORTS for code in report.sub_channels} == {
    one.code for one in MARKETPLACES
}
