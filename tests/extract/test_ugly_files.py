"""Real files are ugly: encodings, line ends, quotes, ragged rows. Nothing is lost uncounted."""

import json

import pytest
from extract_shop import Shop, tsv

HEADER = "order_id|ordered_at|sku|quantity|product_name|line_amount|weight"
ORDERS = "order_id|ordered_at|sku|quantity"


def _file(shop: Shop, content: str | bytes, label: str = "onbuy/a.tsv") -> dict[str, object]:
    shop.put(label, content)
    shop.run()
    [file] = shop.rows("files")
    assert file["rows_in"] == file["rows_landed"] + file["rows_rejected"]
    assert file["rows_landed"] == len(shop.rows("order_lines"))
    assert file["rows_rejected"] == len(shop.rows("rejects"))
    return dict(file)


def _rejects(shop: Shop) -> list[tuple[object, ...]]:
    return shop.rows("rejects", "_row_number", "reason_code", "field")


@pytest.mark.parametrize(
    ("codec", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-bom"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found_and_said(shop: Shop, codec: str, expected: str) -> None:
    content = tsv(HEADER, "1|2025-01-01|A|1|Café € “x”|1.00|")
    file = _file(shop, content.encode(codec))
    assert file["encoding"] == expected
    assert shop.rows("order_lines", "product_name", "order_id") == [("Café € “x”", "1")]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_in_either_byte_order(shop: Shop, codec: str) -> None:
    content = "\ufeff" + tsv(HEADER, "1|2025-01-01|A|1|سماعة|1.00|", end="\r\n")
    assert _file(shop, content.encode(codec))["encoding"] == "utf-16"
    assert shop.rows("order_lines", "product_name") == [("سماعة",)]


def test_bytes_that_cp1252_does_not_have_are_kept_as_a_mark_and_counted(shop: Shop) -> None:
    content = tsv(f"{ORDERS}|product_name", "1|2025-01-01|A|1|caf?! ?").encode()
    shop.put("onbuy/a.tsv", content.replace(b"?!", b"\xe9").replace(b"?", b"\x81"))
    summary = shop.run()
    assert shop.rows("files", "encoding") == [("cp1252",)]
    assert shop.rows("order_lines", "product_name") == [("café \ufffd",)]
    assert summary.warnings == [
        "onbuy/a.tsv: 1 bytes stand for no character of cp1252 and were replaced by \ufffd"
    ]


def test_a_mark_of_utf_8_is_believed_even_where_bytes_break_it(shop: Shop) -> None:
    content = tsv(f"{ORDERS}|product_name", "1|2025-01-01|A|1|é?").encode("utf-8-sig")
    shop.put("onbuy/a.tsv", content.replace(b"?", b"\xe9"))
    summary = shop.run()
    assert shop.rows("files", "encoding") == [("utf-8-bom",)]
    assert shop.rows("order_lines", "product_name") == [("é\ufffd",)]
    assert "1 bytes stand for no character of utf-8-bom" in summary.warnings[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("closed", [True, False], ids=["closed", "open"])
def test_every_kind_of_line_end_gives_the_same_rows(shop: Shop, end: str, closed: bool) -> None:
    content = tsv(ORDERS, "1|2025-01-01|A|1", "2|2025-01-02|B|2", end=end)
    file = _file(shop, content if closed else content.removesuffix(end))
    assert file["rows_in"] == 2
    assert file["blank_lines"] == 0
    assert shop.rows("order_lines", "order_id", "quantity", "_row_number") == [
        ("1", "1", 2),
        ("2", "2", 3),
    ]


def test_only_a_line_feed_ends_a_line(shop: Shop) -> None:
    odd = "a\u2028b\x0bc\x0cd\x85e\x1cf"
    _file(shop, tsv(HEADER, f"1|2025-01-01|A|1|{odd}|1|", "2|2025-01-01|A|1|x\ry|1|"))
    assert shop.rows("order_lines", "product_name") == [(odd,), ("x\ry",)]


def test_a_tab_separated_file_has_no_quotes(shop: Shop) -> None:
    rows = [
        '1|2025-01-01|A|1|"Pipe 5" wide|1|',
        '2|2025-01-01|A|1|"open|1|',
        "3|2025-01-01|A|1|x|1|",
    ]
    file = _file(shop, tsv(HEADER, *rows))
    assert file["rows_landed"] == 3
    assert [name for (name,) in shop.rows("order_lines", "product_name")] == [
        '"Pipe 5" wide',
        '"open',
        "x",
    ]


def test_a_comma_separated_file_has_real_quotes(shop: Shop) -> None:
    content = (
        "order_id,ordered_at,sku,quantity,product_name\n"
        '1,2025-01-01,A,1,"Lamp, ""blue"""\n'
        '"2","2025-01-01","A","1","a note\r\n\nin three lines"\n'
        '3,2025-01-01,A,1,Pipe 5" wide\n'
        "4,2025-01-01,A,1,plain\n"
        '5,2025-01-01,A,1,""\n'
    )
    file = _file(shop, content, "onbuy/a.csv")
    assert file["blank_lines"] == 0
    assert shop.rows("order_lines", "order_id", "product_name", "_row_number") == [
        ("1", 'Lamp, "blue"', 2),
        ("2", "a note\n\nin three lines", 3),
        ("3", 'Pipe 5" wide', 6),
        ("4", "plain", 7),
        ("5", None, 8),
    ]


def test_an_unbalanced_quote_costs_its_own_line_and_no_other(shop: Shop) -> None:
    content = (
        "order_id,ordered_at,sku,quantity,product_name\n"
        '1,2025-01-01,A,1,"open\n'
        "2,2025-01-01,A,1,fine\n"
        '3,2025-01-01,A,1,"open too\n'
        '4,2025-01-01,A,1,closes"\n'
        '5,2025-01-01,A,1,"wrong" end\n'
        "6,2025-01-01,A,1,fine\n"
        '7,2025-01-01,A,1,"never closed'
    )
    file = _file(shop, content, "onbuy/a.csv")
    assert file["rows_in"] == 7
    assert [order for (order,) in shop.rows("order_lines", "order_id")] == ["2", "4", "6"]
    assert _rejects(shop) == [
        (2, "unbalanced_quote", None),
        (4, "unbalanced_quote", None),
        (6, "unbalanced_quote", None),
        (8, "unbalanced_quote", None),
    ]


def test_an_open_quote_does_not_swallow_lines_without_end(shop: Shop) -> None:
    body = "".join(f"note line {number}\n" for number in range(200))
    content = f'order_id,ordered_at,sku,quantity,product_name\n1,2025-01-01,A,1,"open\n{body}'
    file = _file(shop, content + '2,2025-01-01,A,1,x"\n', "onbuy/a.csv")
    assert file["rows_in"] == 202
    assert _rejects(shop)[0] == (2, "unbalanced_quote", None)
    assert shop.rows("order_lines", "order_id") == [("2",)]


def test_ragged_rows(shop: Shop) -> None:
    file = _file(
        shop,
        tsv(
            HEADER,
            "1|2025-01-01|A|1",
            "2|2025-01-01|A|1|x|1.00|9||| ",
            "3|2025-01-01|A|1|x|1.00|9||note",
            "4|2025-01-01|A",
            "just a remark",
        ),
    )
    assert file["rows_in"] == 5
    assert shop.rows("order_lines", "order_id", "line_amount") == [("1", None), ("2", "1.00")]
    assert _rejects(shop) == [
        (4, "too_many_fields", None),
        (5, "missing_required", "quantity"),
        (6, "missing_required", "ordered_at"),
    ]
    assert shop.rows("rejects", "raw_text")[0] == ("3\t2025-01-01\tA\t1\tx\t1.00\t9\t\tnote",)


def test_bad_values_name_their_header_and_the_first_fault_counts(shop: Shop) -> None:
    _file(
        shop,
        tsv(
            "Order ID|Ordered-At|SKU|Quantity|Line_Amount",
            "1|2025-02-30|A|1|1",
            "2|01/02/25|A|1|1",
            "3|2025-01-01|A|1e3|1",
            "4|2025-01-01|A|1|12,50",
            "5|2025-01-01||x|y",
            "6|2025-01-01|A|1|1.00",
        ),
    )
    assert _rejects(shop) == [
        (2, "bad_date", "Ordered-At"),
        (3, "ambiguous_date", "Ordered-At"),
        (4, "bad_number", "Quantity"),
        (5, "bad_number", "Line_Amount"),
        (6, "missing_required", "SKU"),
    ]
    assert shop.rows("order_lines", "order_id") == [("6",)]


def test_blank_lines_and_repeated_headers_are_counted_and_are_no_rows(shop: Shop) -> None:
    content = tsv(
        "", HEADER, "1|2025-01-01|A|1", "", "   ", "||||||", HEADER.upper(), "2|2025-01-01|A|1"
    )
    file = _file(shop, content)
    assert (file["rows_in"], file["blank_lines"], file["repeated_headers"]) == (2, 4, 1)
    assert shop.rows("order_lines", "_row_number") == [(3,), (8,)]


def test_a_file_of_nothing_but_its_header_lands_no_rows(shop: Shop) -> None:
    file = _file(shop, tsv(HEADER))
    assert (file["status"], file["rows_in"], file["first_day"]) == ("landed", 0, None)


def test_values_stay_as_sent_but_trimmed_and_blank_is_null(shop: Shop) -> None:
    _file(shop, tsv(HEADER, " 1 |2025-01-01|NULL|1|\u00a0nan |  |N/A"))
    [row] = shop.rows("order_lines")
    assert (row["order_id"], row["sku"], row["product_name"]) == ("1", "NULL", "nan")
    assert row["line_amount"] is None
    assert json.loads(row["_extra"]) == {"weight": "N/A"}


def test_two_equal_lines_are_two_units(shop: Shop) -> None:
    row = "1|2025-01-01|A|1"
    assert _file(shop, tsv(ORDERS, row, row))["rows_landed"] == 2
    assert shop.rows("order_lines", "_row_number") == [(2,), (3,)]


def test_columns_without_a_name_and_names_that_repeat_are_kept_apart(shop: Shop) -> None:
    _file(shop, tsv("|order_id|ordered_at|sku|quantity|note|note||", "0|1|2025-01-01|A|1|x|y|"))
    [row] = shop.rows("order_lines")
    assert json.loads(row["_extra"]) == {"column 1": "0", "note": "x", "note (2)": "y"}


def test_a_field_with_two_columns_of_its_name_is_refused(shop: Shop) -> None:
    shop.put("onbuy/a.tsv", tsv("order_id|ordered_at|sku|quantity|Quantity", "1|2025-01-01|A|1|2"))
    with pytest.raises(Exception, match="'quantity' stands 2 times"):
        shop.run()


def test_extra_text_survives_as_json(shop: Shop) -> None:
    odd = 'a "b" \\ c\x07'
    _file(shop, tsv(HEADER, f"1|2025-01-01|A|1|x|1|{odd}", "2|2025-01-01|A|1", "3|2025-01-01|A|1"))
    extras = [text and json.loads(text) for (text,) in shop.rows("order_lines", "_extra")]
    assert extras == [{"weight": odd}, None, None]


def test_unknown_columns_are_said_once_for_all_files_that_have_them(shop: Shop) -> None:
    for name in ("a", "b", "c"):
        shop.put(f"onbuy/{name}.tsv", tsv(HEADER, f"{name}|2025-01-01|A|1"))
    assert shop.run().warnings == [
        "onbuy/a.tsv and 2 files more: columns that generic_orders does not know were kept in "
        "_extra: weight"
    ]


@pytest.mark.parametrize(("quantity", "is_read"), [("2", True), ("2.0", True), ("0", True)])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_count_is_whole_and_below_zero_in_ledgers_only(
    shop: Shop, quantity: str, is_read: bool, sign: str
) -> None:
    shop.put("onbuy/o.csv", f"order_id,ordered_at,sku,quantity\n1,2026-01-01,A,{sign}{quantity}\n")
    shop.put(
        "onbuy/l.csv",
        f"document_id,occurred_at,sku,quantity,unit_price\n1,2026-01-01,A,{sign}{quantity},2\n",
    )
    summary = shop.run()
    assert summary.rows["order_lines"] == (1 if is_read and not sign else 0)
    assert summary.rows["ledger_lines"] == 1


def test_half_a_unit_is_no_count(shop: Shop) -> None:
    shop.put(
        "onbuy/o.csv", "order_id,ordered_at,sku,quantity\n1,2026-01-01,A,2.5\n2,2026-01-01,A,1\n"
    )
    shop.run()
    assert shop.table("order_lines")["order_id"].to_pylist() == ["2"]
    assert shop.table("rejects")["reason_code"].to_pylist() == ["bad_number"]
