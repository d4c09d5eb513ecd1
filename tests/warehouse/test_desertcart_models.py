"""What the desertcart models make of a shop written by hand: versions, units, money and kinds."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from currency_build import configured
from desertcart_shop import DesertcartShop, Item
from warehouse_run import Warehouse

AS_OF = "2026-06-30T00:00:00"
APRIL = {"ordered_at": "2026-04-02T09:30:00Z"}


def _older_run(shop: DesertcartShop) -> None:
    shop.order("shrunk", "AED", Item(1000), Item(2000), updated_at="2026-03-05T00:00:00Z")
    shop.order("again", "AED", Item(500, 3), updated_at="2026-03-05T00:00:00.5Z")
    shop.refund("again", 1, "AED", 500, (1, 1, 500))
    shop.add("products", product_id="p-A-1", sku="a-1", product_name="Old", updated_at="2026-01-01")
    shop.order("moved", "AED", Item(1000), Item(500, sku="B-2"), **APRIL)
    shop.refund("moved", 1, "AED", 1000, (1, 1, 1000))
    shop.land("20260601T000000000000Z-a")


def _newer_run(shop: DesertcartShop) -> None:
    shop.order("shrunk", "AED", Item(1000), updated_at="2026-03-06T00:00:00Z")
    shop.order("again", "AED", Item(500, 3, cancelled=1), updated_at="2026-03-05T00:00:00.5Z")
    shop.refund("again", 1, "AED", 1000, (1, 2, 1000))
    # Read from a copy that lags behind: it lands later and is older.
    shop.order("again", "AED", Item(1, 1), updated_at="2026-03-05T00:00:00Z", status="placed")
    shop.rows["order_items"].pop()

    shop.order("test", "AED", Item(700), is_test=True)
    shop.refund("test", 1, "AED", 700, (1, 1, 700))
    shop.order("card", "AED", Item(2500, is_gift_card=True), Item(800, sku="B-2"))
    shop.refund("card", 1, "AED", 3300, (1, 1, 2500), (2, 1, 800))
    shop.order("fils", "KWD", Item(12_755, 2, discount=10))
    shop.refund("fils", 1, "KWD", 25_500, (1, 2, 25_500))
    shop.order("yen", "JPY", Item(1234))
    shop.refund("yen", 1, "USD", 799, (1, 1, 799))
    shop.order("bare", "BHD", Item(9999), Item(1, sku="B-2"), shipping_amount=500)
    shop.refund("bare", 1, "BHD", 10_500)
    shop.order("goodwill", "OMR", Item(4000))
    shop.refund("goodwill", 1, "OMR", 1255, kind="goodwill", shipping_amount=255)
    shop.order("asked", "AED", Item(100))
    shop.refund("asked", 1, "AED", 100, (1, 1, 100), status="requested")
    shop.order("declined", "AED", Item(100))
    shop.refund("declined", 1, "AED", 100, (1, 1, 100), status="declined")
    shop.order("cancelled", "QAR", Item(8800, 2), status="cancelled", delivered_at=None)
    shop.refund("cancelled", 1, "QAR", 17_600, kind="cancellation")
    shop.order("undelivered", "KRW", Item(41_330, status="undelivered"), status="shipped")
    shop.refund("undelivered", 1, "KRW", 41_330, (1, 1, 41_330), kind="undelivered")
    shop.order("withheld", "JOD", Item(1000), Item(1000, sku="B-2"))
    shop.refund("withheld", 1, "JOD", 1901, (1, 1, 1000), (2, 1, 1000))
    shop.order("guest", "AED", Item(100), customer_id=None)
    shop.order("nowhere", "ZZZ", Item(100))
    shop.refund("orphan", 1, "AED", 100)
    shop.order("lira", "TRY", Item(77_777, 3))
    shop.refund("lira", 1, "TRY", 233_331, (1, 3, 233_331))
    shop.order("rest", "AED", Item(100, 3, cancelled=1))
    shop.refund("rest", 1, "AED", 100, (1, 1, 100), kind="cancellation")
    shop.refund("rest", 2, "AED", 200, (1, 2, 200))
    _awkward_orders(shop)
    shop.add("customers", customer_id="c1", email="Buyer@Example.com", updated_at="2026-01-01")
    shop.add("products", product_id="p-A-1", sku="A-1", product_name="New", category="Home",
             updated_at="2026-02-01")  # fmt: skip
    shop.land("20260602T000000000000Z-b")


def _awkward_orders(shop: DesertcartShop) -> None:
    # A line and its refund now belong to another order; the order they left was not touched.
    shop.order("merged", "AED", Item(1000), **APRIL)
    shop.refund("merged", 1, "AED", 1000, (1, 1, 1000))
    shop.rows["order_items"][-1]["order_item_id"] = "moved-1"
    shop.rows["refunds"][-1]["refund_id"] = "moved-r1"
    shop.rows["refund_items"][-1] |= {
        "refund_item_id": "moved-r1-1",
        "refund_id": "moved-r1",
        "order_item_id": "moved-1",
    }
    shop.order("all", "QAR", Item(2500, is_gift_card=True), Item(800, sku="B-2"), **APRIL)
    shop.refund("all", 1, "QAR", 3300)
    shop.order("fee", "QAR", Item(700), Item(0, 0, discount=-300, sku="B-2"), **APRIL)
    shop.refund("fee", 1, "QAR", 1000)
    shop.order("post", "QAR", Item(700), **APRIL)
    shop.refund("post", 1, "QAR", 500, (1, 1, 700), shipping_amount=900)
    shop.order("third", "JPY", Item(100, 3, discount=1, cancelled=1), **APRIL)
    shop.refund("third", 1, "JPY", 100, kind="cancellation")
    shop.refund("third", 2, "JPY", 199)


@pytest.fixture(scope="module")
def desertcart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    home: Path = tmp_path_factory.mktemp("desertcart")
    shop = DesertcartShop(home / "raw")
    _older_run(shop)
    _newer_run(shop)
    warehouse = configured(home, AS_OF)
    for source in ("rates", "shopify", "marketplace"):
        warehouse.call("extract", source)
    warehouse.build_models()
    yield warehouse


def _lines(desertcart: Warehouse, order: str) -> list[tuple[Any, ...]]:
    return desertcart.ask(
        "select order_line_id, line_state, units_ordered, units_cancelled, ordered_amount,"
        " discount_amount, currency from intermediate.int_desertcart__order_lines"
        " where order_id = ? order by order_line_id",
        [order],
    )


def _refunds(desertcart: Warehouse, order: str) -> list[tuple[Any, ...]]:
    return desertcart.ask(
        "select component, refund_kind, order_line_id, units_refunded, refund_amount, currency"
        " from intermediate.int_desertcart__refund_lines where order_id = ? order by all",
        [order],
    )


def _returns(desertcart: Warehouse, order: str) -> list[tuple[Any, ...]]:
    return desertcart.ask(
        "select order_line_id, return_state, refund_kind, units_returned"
        " from intermediate.int_desertcart__return_lines where order_id = ? order by all",
        [order],
    )


def test_a_line_that_vanished_from_its_order_is_gone(desertcart: Warehouse) -> None:
    assert [line[0] for line in _lines(desertcart, "shrunk")] == ["shrunk-1"]


def test_the_newest_version_counts_and_a_later_landing_of_an_older_one_does_not(
    desertcart: Warehouse,
) -> None:
    assert _lines(desertcart, "again") == [("again-1", "sold", 3, 1, 1500, 0, "AED")]
    assert _refunds(desertcart, "again") == [("item", "return", "again-1", 2, 1000, "AED")]


def test_test_orders_and_gift_cards_are_left_out_and_counted(desertcart: Warehouse) -> None:
    assert _lines(desertcart, "test") == _refunds(desertcart, "test") == []
    assert _returns(desertcart, "test") == []
    assert [line[0] for line in _lines(desertcart, "card")] == ["card-2"]
    assert _refunds(desertcart, "card") == [("item", "return", "card-2", 1, 800, "AED")]
    counted = desertcart.ask(
        "select record_type, excluded_reason, row_count, units, amount"
        " from intermediate.int_desertcart__exclusions"
        " where excluded_reason in ('test_order', 'gift_card_line') order by all"
    )
    assert counted == [
        ("order_items", "gift_card_line", 1, 1, 25),
        ("order_items", "gift_card_line", 1, 1, 25),
        ("order_items", "test_order", 1, 1, 7),
        ("orders", "test_order", 1, 0, 0),
        ("refund_items", "gift_card_line", 1, 1, 25),
        ("refund_items", "test_order", 1, 1, 7),
        ("refunds", "gift_card_line", 1, 0, 25),
        ("refunds", "gift_card_line", 1, 0, 25),
        ("refunds", "test_order", 1, 0, 7),
    ]


def test_amounts_stay_subunits_and_a_refund_keeps_its_own_currency(desertcart: Warehouse) -> None:
    assert _lines(desertcart, "fils") == [("fils-1", "sold", 2, 0, 25_510, 10, "KWD")]
    assert _refunds(desertcart, "fils") == [("item", "return", "fils-1", 2, 25_500, "KWD")]
    assert _refunds(desertcart, "yen") == [("item", "return", "yen-1", 1, 799, "USD")]


def test_a_refund_without_lines_that_pays_for_the_whole_order_is_its_lines(
    desertcart: Warehouse,
) -> None:
    assert _refunds(desertcart, "bare") == [
        ("item", "return", "bare-1", 1, 9999, "BHD"),
        ("item", "return", "bare-2", 1, 1, "BHD"),
        ("shipping", "adjustment", None, 0, 500, "BHD"),
    ]
    assert _returns(desertcart, "bare") == [
        ("bare-1", "completed", "return", 1),
        ("bare-2", "completed", "return", 1),
    ]


def test_goodwill_is_money_and_neither_units_nor_a_return(desertcart: Warehouse) -> None:
    assert _refunds(desertcart, "goodwill") == [
        ("adjustment", "adjustment", None, 0, 1000, "OMR"),
        ("shipping", "adjustment", None, 0, 255, "OMR"),
    ]
    assert _returns(desertcart, "goodwill") == []


def test_what_was_asked_for_or_declined_is_a_return_and_no_refund(desertcart: Warehouse) -> None:
    assert _refunds(desertcart, "asked") == _refunds(desertcart, "declined") == []
    assert _returns(desertcart, "asked") == [("asked-1", "requested", "return", 1)]
    assert _returns(desertcart, "declined") == [("declined-1", "declined", "return", 1)]


def test_a_cancelled_order_sells_nothing_and_its_refund_is_a_cancellation(
    desertcart: Warehouse,
) -> None:
    assert _lines(desertcart, "cancelled") == [("cancelled-1", "cancelled", 2, 2, 17_600, 0, "QAR")]
    assert _refunds(desertcart, "cancelled") == [
        ("item", "cancellation", "cancelled-1", 2, 17_600, "QAR")
    ]


def test_undelivered_is_told_by_line_and_refund(desertcart: Warehouse) -> None:
    assert [line[1] for line in _lines(desertcart, "undelivered")] == ["undelivered"]
    assert [refund[1] for refund in _refunds(desertcart, "undelivered")] == ["undelivered"]


def test_what_was_withheld_is_shared_to_the_subunit(desertcart: Warehouse) -> None:
    amounts = [refund[4] for refund in _refunds(desertcart, "withheld")]
    assert sorted(amounts) == [Decimal(950), Decimal(951)]


def test_guests_have_no_key_and_customers_are_keyed_by_id(desertcart: Warehouse) -> None:
    keys = desertcart.ask(
        "select distinct user_key from intermediate.int_desertcart__order_lines"
        " where order_id in ('guest', 'fils') order by all"
    )
    assert keys == [("desertcart:desertcart:c1",), (None,)]


def test_an_unknown_currency_and_an_unknown_order_keep_their_rows(desertcart: Warehouse) -> None:
    assert _lines(desertcart, "nowhere") == [("nowhere-1", "sold", 1, 0, 100, 0, "ZZZ")]
    assert _refunds(desertcart, "orphan") == [("adjustment", "adjustment", None, 0, 100, "AED")]
    unit_less = desertcart.ask(
        "select currency, row_count, amount from intermediate.int_desertcart__exclusions"
        " where excluded_reason = 'unknown_currency_unit'"
    )
    assert unit_less == [("ZZZ", 1, None)]


def test_the_catalogue_speaks_in_its_newest_words(desertcart: Warehouse) -> None:
    products = desertcart.ask(
        "select product_key, product_name, category from intermediate.int_desertcart__products"
    )
    assert products == [("sku:A-1", "New", "Home")]
    line = desertcart.one(
        "select product_key, product_name, category from intermediate.int_desertcart__order_lines"
        " where order_id = 'fils'"
    )
    assert line == ("sku:A-1", "As ordered", "Home")


def test_raw_and_staging_count_the_same(desertcart: Warehouse) -> None:
    raw = desertcart.ask(
        "select source_batch, row_count, units, amount"
        " from intermediate.int_desertcart__raw_totals order by all"
    )
    staged = desertcart.ask(
        "select source_batch, count(*), sum(units), sum(amount)"
        " from intermediate.int_desertcart__row_dispositions group by all order by all"
    )
    assert raw == staged


def test_money_without_a_rate_or_a_unit_is_null_and_counted(desertcart: Warehouse) -> None:
    missing = desertcart.ask(
        "select table_name, currency, missing_part, row_count, amount from missing_rates"
        " order by all"
    )
    assert missing == [
        ("order_items", "KWD", "rate", 1, Decimal("25.5")),
        ("order_items", "ZZZ", "unit", 1, None),
        ("refund_items", "KWD", "rate", 1, Decimal("25.5")),
    ]
    known = desertcart.ask(
        "select distinct currency from order_items where sales_usd is null order by all"
    )
    assert known == [("KWD",), ("ZZZ",)]


def test_every_month_of_every_table_reconciles(desertcart: Warehouse) -> None:
    batches = desertcart.ask(
        "select batch_id, is_reconciled, rows_raw, rows_excluded from reconciliation order by all"
    )
    assert batches == [
        ("order_items 2026-03", True, 20, 2),
        ("order_items 2026-04", True, 8, 1),
        ("orders 2026-03", True, 17, 1),
        ("orders 2026-04", True, 6, 0),
        ("refund_items 2026-03", True, 14, 2),
        ("refund_items 2026-04", True, 2, 0),
        ("refunds 2026-03", True, 15, 1),
        ("refunds 2026-04", True, 6, 0),
        ("refunds unknown", True, 1, 0),
    ]


def test_a_full_refund_is_all_of_it_whatever_the_rates_did(desertcart: Warehouse) -> None:
    sales_usd, refund_usd, at_refund_date, units = desertcart.one(
        "select order_items.sales_usd, refund_items.refund_usd,"
        " refund_items.refund_usd_at_refund_date, refund_items.units_refunded"
        " from order_items inner join refund_items using (order_item_key)"
        " where order_items.order_key = 'desertcart:desertcart:lira'"
    )
    assert refund_usd == sales_usd > 0
    assert at_refund_date != refund_usd
    assert units == 3


def test_what_moved_to_another_order_counts_once(desertcart: Warehouse) -> None:
    assert [line[0] for line in _lines(desertcart, "moved")] == ["moved-2"]
    assert [line[0] for line in _lines(desertcart, "merged")] == ["moved-1"]
    assert _refunds(desertcart, "moved") == []
    assert _refunds(desertcart, "merged") == [("item", "return", "moved-1", 1, 1000, "AED")]


def test_a_refund_of_everything_splits_into_goods_and_what_is_none(desertcart: Warehouse) -> None:
    assert _refunds(desertcart, "all") == [("item", "return", "all-2", 1, 800, "QAR")]
    assert _refunds(desertcart, "fee") == [
        ("item", "adjustment", "fee-2", 0, 300, "QAR"),
        ("item", "return", "fee-1", 1, 700, "QAR"),
    ]


def test_no_refund_gives_back_less_than_nothing(desertcart: Warehouse) -> None:
    assert _refunds(desertcart, "post") == [
        ("item", "return", "post-1", 1, 0, "QAR"),
        ("shipping", "adjustment", None, 0, 500, "QAR"),
    ]


def test_no_yen_is_split_between_cancelled_and_sold_units(desertcart: Warehouse) -> None:
    line = desertcart.one(
        "select units_sold, units_refunded, sales_amount, refund_usd = sales_usd from order_items"
        " where order_key = 'desertcart:desertcart:third'"
    )
    assert line == (2, 2, 199, True)


def test_a_cancelled_unit_takes_none_that_was_sold(desertcart: Warehouse) -> None:
    line = desertcart.one(
        "select units_sold, units_refunded, refund_usd = sales_usd from order_items"
        " where order_key = 'desertcart:desertcart:rest'"
    )
    assert line == (2, 2, True)
    over = desertcart.ask("select order_key from over_refunds")
    # Money for a line that sold no unit: a person should look.
    assert over == [("desertcart:desertcart:fee",)]
