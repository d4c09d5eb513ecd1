"""Layout maps are data: what a map may say, what is refused, and how a header finds its map."""

import json
from pathlib import Path

import pytest
import yaml
from extract_shop import SUB_CHANNELS, Shop, tsv

from extract.errors import ExtractError
from extract.marketplace.headers import match_header
from extract.marketplace.layouts import SHIPPED_DIR, Layout, load_layouts, read_layout

LAYOUTS = load_layouts()
GOOD = {
    "name": "mine",
    "title": "Mine",
    "source_note": "By hand.",
    "sub_channels": "*",
    "table": "order_lines",
    "row_is": "order_line",
    "replaces": "order",
    "window_field": "ordered_at",
    "delimiter": "auto",
    "quoting": "csv",
    "decimal": ".",
    "dates": "iso",
    "time_zone": "sub_channel",
    "currency": "sub_channel",
    "required": ["order_id", "ordered_at"],
    "columns": {"order_id": "Ref", "ordered_at": ["Day", "Date"], "sku": "Item"},
}


def _write(folder: Path, **changes: object) -> Path:
    content = {key: value for key, value in (GOOD | changes).items() if value is not None}
    path = folder / "mine.yml"
    path.write_text(yaml.safe_dump(content))
    return path


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_map_that_ships_says_where_it_is_from_and_for_whom(layout: Layout) -> None:
    assert len(layout.source_note) > 80
    assert any(layout.serves(sub_channel) for sub_channel in SUB_CHANNELS)


def test_every_sub_channel_has_a_map_for_orders_and_for_returns() -> None:
    for sub_channel in SUB_CHANNELS:
        tables = {layout.table for layout in LAYOUTS if layout.serves(sub_channel)}
        assert {"order_lines", "return_lines", "ledger_lines"} <= tables


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"decimals": "."}, "decimals: is no key of a layout; did you mean 'decimal'?"),
        ({"title": None}, "title: Field required"),
        ({"table": "orders"}, "table: Input should be 'order_lines'"),
        ({"columns": GOOD["columns"] | {"skuu": "X"}}, "'skuu' is no field of order_lines; did"),
        ({"columns": GOOD["columns"] | {"layout": "X"}}, "'layout' is no field of order_lines"),
        ({"required": ["order_id", "quantity"]}, "required: 'quantity' has no entry in columns"),
        ({"window_field": "shipped_at"}, "window_field: 'shipped_at' is no date field in columns"),
        ({"window_field": "sku"}, "window_field: 'sku' is no date field"),
        ({"row_is": "return_line"}, "row_is: in order_lines a row is order_line or unit"),
        ({"currency": "column"}, "currency: say column when columns has a currency"),
        ({"dates": ["%d/%m/%y", "%m/%d/%y"]}, "read one text as two days"),
        ({"dates": "%d-%m"}, "dates: '%d-%m': a date format needs day, month and year"),
        ({"decimal": []}, "decimal: must be '.', ',' or both"),
        ({"decimal": "'"}, "decimal.0: Input should be"),
        ({"months": {"foo": 13}}, "months.foo: Input should be less than or equal to 12"),
        ({"constants": {"sku": "x"}}, "constants: 'sku' stands in columns too"),
        ({"constants": {"skew": "x"}}, "constants: 'skew' is no field"),
        ({"implies_refund": True}, "implies_refund: only a report of returns can say so"),
        ({"other": {"negative_quantity": True}}, "cancellation and other: only a ledger"),
        ({"other": {"column": "kind"}}, "other: column and values go together"),
        ({"other": {}}, "other: needs document_id_prefix"),
        ({"columns": GOOD["columns"] | {"sku": "ref"}}, "'ref' feeds both order_id and sku"),
        ({"columns": {"order_id": {"header": "R", "pattern": "("}}}, "no regular expression"),
        ({"columns": {"order_id": {"header": "R", "pattern": "x"}}}, "exactly one group"),
        ({"columns": {"order_id": {"header": "R", "pattern": "(?=x)(y)"}}}, "that works here"),
        ({"columns": {"ordered_at": "D"}, "required": "ordered_at"}, "order_id is needed"),
        ({"name": "yours"}, "name is 'yours' but the file is called 'mine'"),
    ],
)
def test_a_wrong_map_is_refused_with_the_file_and_the_key(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    path = _write(tmp_path, **changes)
    with pytest.raises(ExtractError) as caught:
        read_layout(path)
    assert expected in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["a: [", "- a", "just text", b"\xff\xfe\x00"])
def test_a_map_that_is_no_yaml_is_refused(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "mine.yml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ExtractError, match=r"layout .*mine\.yml"):
        read_layout(path)


def test_the_version_of_a_map_is_what_it_does_and_not_what_it_tells(tmp_path: Path) -> None:
    plain = read_layout(_write(tmp_path)).version
    assert read_layout(_write(tmp_path, title="Other", source_note="New.")).version == plain
    assert read_layout(_write(tmp_path, decimal=",")).version != plain


def test_a_report_is_added_by_one_file_and_no_code(shop: Shop) -> None:
    maps = shop.root / "maps"
    maps.mkdir()
    _write(
        maps,
        decimal=",",
        thousands=True,
        dates="%d.%m.%Y",
        columns={"order_id": "Beleg", "ordered_at": "Datum", "line_amount": "Betrag"},
        constants={"currency": "EUR", "quantity": "1"},
    )
    shop.changes["marketplace_layouts_dir"] = maps
    shop.put("onbuy/a.csv", "Datum;Beleg;Betrag\n01.02.2025;7;1.234,50\n02.02.2025;8;12.5\n")
    shop.run()
    [row] = shop.rows("order_lines")
    assert (row["layout"], row["order_id"], row["ordered_at"]) == ("mine", "7", "2025-02-01")
    assert (row["line_amount"], row["currency"], row["quantity"]) == ("1234.50", "EUR", "1")
    sent = {"ordered_at": "01.02.2025", "line_amount": "1.234,50"}
    assert json.loads(row["_as_sent"]) == sent
    assert shop.rows("rejects", "reason_code", "field") == [("bad_number", "Betrag")]


def test_a_company_map_of_a_shipped_name_takes_its_place(tmp_path: Path) -> None:
    own = yaml.safe_load((SHIPPED_DIR / "generic_orders.yml").read_text())
    own["title"] = "Ours"
    (tmp_path / "generic_orders.yml").write_text(yaml.safe_dump(own))
    layouts = {layout.name: layout for layout in load_layouts(tmp_path)}
    assert layouts["generic_orders"].title == "Ours"
    assert len(layouts) == len(LAYOUTS)


def test_a_layouts_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="MARKETPLACE_LAYOUTS_DIR"):
        load_layouts(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("sub_channel", "header", "expected"),
    [
        ("onbuy", "order_id,date,sku,quantity,unit_price,currency_code,status", "onbuy_orders"),
        ("onbuy", "order_id,ordered_at,sku,quantity,unit_price,currency", "generic_orders"),
        ("amazon_ae", "Order ID\tReturn request date\tReturn quantity", "amazon_seller_returns"),
        ("noon_ae", '"item_nr";"order_timestamp";"status"', "noon_sales"),
        ("walmart_ca", "InvoiceNo,StockCode,Quantity,InvoiceDate", "generic_ledger"),
    ],
)
def test_of_several_maps_that_fit_the_one_that_knows_most_is_taken(
    sub_channel: str, header: str, expected: str
) -> None:
    assert match_header(header, sub_channel, LAYOUTS, "f").layout.name == expected


@pytest.mark.parametrize(
    ("sub_channel", "header", "parts"),
    [
        (
            "amazon_ae",
            "amazon-order-id\tpurchase-date\tasin\tquantity\tcolour",
            ("amazon_ae/f.tsv: no layout of amazon_ae has the header", "amazon-order-id | purch",
             "5 columns, tab between them", "the nearest, amazon_all_orders, misses sku and does "
             "not know colour", "extract/README.md", "--skip-unknown"),
        ),
        (
            "onbuy",
            "item_nr,order_timestamp,status,partner_sku,gmv_lcy",
            ("the nearest, noon_sales, is for noon_* only",),
        ),
        (
            "amazon_ae",
            "amazon-order-id,purchase-date,sku,quantity",
            ("amazon_all_orders, wants tab between columns",),
        ),
        ("onbuy", "a\tb\tc\td\te\tf\tg\th", ("'a | b | c | d | e | f' and so on (8 columns",)),
    ],
)  # fmt: skip
def test_an_unknown_header_names_file_header_and_nearest_map(
    sub_channel: str, header: str, parts: tuple[str, ...]
) -> None:
    with pytest.raises(ExtractError) as caught:
        match_header(header, sub_channel, LAYOUTS, f"{sub_channel}/f.tsv")
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("line", ["171-1\t2025-01-01\tJane Doe", "jane@example.org,Jane Doe,x"])
def test_a_first_line_of_data_is_never_shown(line: str) -> None:
    with pytest.raises(ExtractError) as caught:
        match_header(line, "onbuy", LAYOUTS, "onbuy/f.tsv")
    assert "Jane" not in str(caught.value)
    assert "looks like a row of data" in str(caught.value)


def test_all_headers_are_checked_before_anything_lands(shop: Shop) -> None:
    shop.put("onbuy/a.tsv", tsv("order_id|ordered_at|sku|quantity", "1|2025-01-01|A|1"))
    shop.put("onbuy/z.tsv", tsv("what|is|this", "1|2|3"))
    with pytest.raises(ExtractError, match=r"onbuy/z\.tsv: no layout"):
        shop.run()
    assert list(shop.raw.glob("*/run=*")) == []

    summary = shop.run(skip_unknown=True)

    assert shop.rows("files", "_source_file", "status", "layout", "rows_in") == [
        ("onbuy/a.tsv", "landed", "onbuy_orders", 1),
        ("onbuy/z.tsv", "unknown_layout", None, 0),
    ]
    assert summary.warnings[0].startswith("left out: onbuy/z.tsv: no layout")
