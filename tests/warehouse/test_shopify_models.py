"""What the Shopify models make of a shop written by hand: units, money, kinds and reasons."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from shopify_scenarios import SCENARIOS
from shopify_shop import CURRENCY, SELECTED, STORE, Shop
from warehouse_run import ONLY_MODELS, Warehouse


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    home: Path = tmp_path_factory.mktemp("shopify")
    shop = Shop(home / "raw")
    # An older run knew more lines and a refund that is gone since.
    shop.order("relanded", {"price": 10}, {"price": 10})
    shop.refund("relanded", 1, 10, (1, 1, "RETURN", 10))
    shop.order("untouched", {"price": 10})
    shop.land("20260601T000000000000Z")
    shop.order("relanded", {"price": 10})
    for scenario in SCENARIOS:
        scenario(shop)
    shop.add("customers", customer_id="c1", display_name="A. Buyer", email="buyer@example.com")
    shop.land("20260602T000000000000Z")
    # With no source configured at all it would be the demo company's folders that are read.
    warehouse = Warehouse(home, f"onbuy={home}", "2026-06-30T00:00:00Z")
    target = ("--target-path", str(home / "target"))
    warehouse.call("serve", "dbt", "build", *ONLY_MODELS, *SELECTED, *target)
    yield warehouse


def _refunds(company: Warehouse, order_id: str) -> list[tuple[Any, ...]]:
    return company.ask(
        "select component, refund_kind, units_refunded, refund_amount"
        " from intermediate.int_shopify__refund_lines where order_id = ?"
        " order by component, refund_id, row_number",
        [order_id],
    )


def _sold(company: Warehouse, order_id: str) -> list[tuple[Any, ...]]:
    return company.ask(
        "select line_state, units_ordered, units_cancelled,"
        " cast((ordered_amount - discount_amount) * (units_ordered - units_cancelled)"
        " / units_ordered as decimal(18, 2))"
        " from intermediate.int_shopify__order_lines where order_id = ? order by order_line_id",
        [order_id],
    )


def _excluded(company: Warehouse) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = company.ask(
        "select record_type, excluded_reason, row_count, units, amount"
        " from intermediate.int_shopify__exclusions"
    )
    return {(table, reason): (count, units, amount) for table, reason, count, units, amount in rows}


def _reasons(company: Warehouse, order_id: str) -> list[tuple[Any, ...]]:
    return company.ask(
        "select layout, raw_reason from intermediate.int_shopify__refund_lines"
        " where order_id = ? and component = 'item' order by refund_id",
        [order_id],
    )


def _text(rows: list[tuple[Any, ...]]) -> list[tuple[str, ...]]:
    """Print amounts without the zeros of their type."""
    return [
        tuple(
            f"{value.normalize():f}" if isinstance(value, Decimal) else str(value) for value in row
        )
        for row in rows
    ]


def test_any_shop_is_a_sub_channel(company: Warehouse) -> None:
    found = company.one("select * from intermediate.int_shopify__sub_channels")
    assert found == ("shopify", STORE, "North Lamp", "America/Toronto", CURRENCY, True)


def test_partial_refund_with_shipping(company: Warehouse) -> None:
    assert _text(_sold(company, "partial")) == [("sold", "2", "0", "20")]
    assert _text(_refunds(company, "partial")) == [
        ("item", "return", "1", "10"),
        ("shipping", "adjustment", "0", "5"),
    ]
    assert _reasons(company, "partial") == [("any", "it broke on the way")]


def test_money_counts_in_the_currency_of_the_shop(company: Warehouse) -> None:
    assert _text(_refunds(company, "usd")) == [
        ("item", "return", "1", "12"),
        ("tax", "adjustment", "0", "1.5"),
    ]
    seen = company.one(
        "select currency, ordered_amount, presentment_currency, ordered_presentment_amount"
        " from intermediate.int_shopify__order_lines_classified where order_id = 'usd'"
    )
    assert seen == ("CAD", 12, "USD", 8)


def test_all_of_a_foreign_order_comes_back_as_all_of_it(company: Warehouse) -> None:
    assert _text(_refunds(company, "drifted")) == [
        ("adjustment", "adjustment", "0", "1.5"),
        ("item", "return", "1", "12"),
        ("tax", "adjustment", "0", "1.5"),
    ]
    # Of 14.20 in the books 15 are worth, at the order's rate, what was given back.
    assert _excluded(company)["refunds", "exchange_rate_difference"] == (2, 0, Decimal("-0.8"))


@pytest.mark.parametrize("order_id", ["thirds", "vat", "vat_apart"])
def test_a_full_refund_is_all_of_the_sale(company: Warehouse, order_id: str) -> None:
    ((_, _, _, sold),) = _sold(company, order_id)
    ((component, kind, _, refunded),) = _refunds(company, order_id)
    assert (component, kind, refunded) == ("item", "return", sold)


def test_what_was_not_paid_was_not_given_back(company: Warehouse) -> None:
    assert _text(_refunds(company, "half")) == [("item", "return", "1", "60")]
    assert _excluded(company)["refund_lines", "claimed_but_not_paid"][2] >= 40


def test_what_was_paid_without_goods_is_an_adjustment(company: Warehouse) -> None:
    assert _text(_refunds(company, "goodwill")) == [("adjustment", "adjustment", "0", "7.5")]
    assert _text(_refunds(company, "postage")) == [("shipping", "adjustment", "0", "8")]


def test_only_money_that_went_is_money_back(company: Warehouse) -> None:
    assert _refunds(company, "failed") == _refunds(company, "pending") == []
    excluded = _excluded(company)
    for reason in ("refund_failed", "refund_pending"):
        assert excluded["refund_lines", reason] == (1, 1, 30)
        assert excluded["refunds", reason] == (1, 0, 30)
    assert _text(_refunds(company, "retried")) == [("item", "return", "1", "30")]
    assert excluded["refunds", "part_of_payment_failed"] == (1, 0, 30)


def test_more_refunded_than_sold_stays_to_be_seen(company: Warehouse) -> None:
    assert _text(_refunds(company, "twice")) == [
        ("item", "return", "1", "20"),
        ("item", "refund_only", "1", "20"),
    ]


def test_goods_put_back_without_payment_are_a_return_and_no_refund(company: Warehouse) -> None:
    assert _refunds(company, "unpaid") == []
    assert company.one(
        "select return_id, return_state, refund_kind, units_returned"
        " from intermediate.int_shopify__return_lines where order_id = 'unpaid'"
    ) == ("unpaid-r1", "completed", "return", 1)


def test_gift_cards_tips_tests_and_the_future_are_counted_and_left_out(company: Warehouse) -> None:
    assert _text(_sold(company, "gift")) == [("sold", "1", "0", "100")]
    assert _text(_refunds(company, "gift")) == [("item", "return", "1", "100")]
    assert _sold(company, "test") == _refunds(company, "test") == _sold(company, "late") == []
    assert len(_sold(company, "tip")) == 1
    excluded = _excluded(company)
    assert excluded["order_lines", "gift_card_line"] == (1, 1, 50)
    assert excluded["refund_lines", "gift_card_line"] == (1, 1, 50)
    assert excluded["refunds", "gift_card_line"] == (1, 0, 50)
    assert excluded["order_lines", "test_order"] == (1, 1, 999)
    assert excluded["refunds", "test_order"] == (1, 0, 999)
    assert excluded["order_lines", "non_product_line"] == (1, 1, 5)
    assert excluded["order_lines", "after_as_of"] == (1, 1, 40)


def test_a_guest_has_no_customer_and_a_redacted_customer_is_one(company: Warehouse) -> None:
    keys = dict(
        company.ask(
            "select order_id, user_key from intermediate.int_shopify__order_lines"
            " where order_id in ('guest', 'redacted', 'partial')"
        )
    )
    assert keys == {
        "guest": None,
        "redacted": f"shopify:{STORE}:c9",
        "partial": f"shopify:{STORE}:c1",
    }


def test_units_that_never_left_were_not_sold(company: Warehouse) -> None:
    assert _text(_sold(company, "edited")) == [("sold", "5", "1", "38.4")]
    assert _text(_refunds(company, "edited")) == [("item", "return", "2", "19.2")]
    assert _text(_sold(company, "fewer")) == [("sold", "3", "1", "20")]
    assert _text(_refunds(company, "fewer")) == [("item", "cancellation", "1", "10")]
    assert _text(_sold(company, "both")) == [("sold", "5", "2", "30")]
    assert _text(_sold(company, "dropped")) == [("sold", "3", "1", "20")]
    assert _text(_refunds(company, "dropped")) == [("item", "cancellation", "1", "0")]
    assert _text(_sold(company, "called_off")) == [("cancelled", "2", "2", "0")]
    assert _text(_refunds(company, "called_off")) == [("item", "cancellation", "2", "20")]
    assert _reasons(company, "called_off") == [("shopify_cancellations", "INVENTORY")]
    assert _text(_sold(company, "voided")) == [("cancelled", "1", "1", "0")]


def test_a_parcel_that_never_arrived_is_undelivered(company: Warehouse) -> None:
    assert _text(_sold(company, "refused")) == [("undelivered", "1", "0", "70")]
    assert _text(_refunds(company, "refused")) == [("item", "undelivered", "1", "70")]


def test_an_order_is_delivered_with_its_last_parcel(company: Warehouse) -> None:
    (delivered,) = company.one(
        "select cast(delivered_at as varchar) from intermediate.int_shopify__order_lines"
        " where order_id = 'split'"
    )
    assert delivered == "2026-03-09 12:00:00"


@pytest.mark.parametrize(
    ("order_id", "kind", "reason"),
    [
        ("kept", "refund_only", ("any", "customer keeps the item")),
        ("linked", "return", ("shopify_returns", "too-small")),
        ("unseen", "return", ("any", "ok")),
        ("came_back", "return", ("any", "Lid is cracked")),
        ("legacy", "return", ("any", None)),
    ],
)
def test_the_return_says_whether_and_why_goods_came_back(
    company: Warehouse, order_id: str, kind: str, reason: tuple[str, str | None]
) -> None:
    assert _text(_refunds(company, order_id)) == [("item", kind, "1", "25")]
    assert _reasons(company, order_id) == [reason]


def test_life_of_a_return(company: Warehouse) -> None:
    states = company.ask(
        "select return_state, units_returned, layout, raw_reason"
        " from intermediate.int_shopify__return_lines where order_id = 'cycle' order by return_id"
    )
    assert states == [
        (state, 1, "shopify_returns", "DEFECTIVE")
        for state in ("requested", "open", "declined", "cancelled", "completed")
    ]


@pytest.mark.parametrize("order_id", ["swap", "dearer"])
def test_an_exchange_is_neither_a_sale_nor_a_refund(company: Warehouse, order_id: str) -> None:
    assert _text(_sold(company, order_id)) == [("sold", "1", "0", "100")]
    assert _text(_refunds(company, order_id)) == [("item", "exchange", "1", "0")]
    assert company.one(
        "select refund_kind, return_state from intermediate.int_shopify__return_lines"
        " where order_id = ?",
        [order_id],
    ) == ("exchange", "completed")


def test_an_exchange_that_is_paid_back_is_one_refund_of_what_was_sold(company: Warehouse) -> None:
    assert _text(_sold(company, "swap_back")) == [("sold", "1", "0", "100")]
    assert company.ask(
        "select order_line_id, refund_kind, units_refunded, refund_amount"
        " from intermediate.int_shopify__refund_lines where order_id = 'swap_back'"
    ) == [("swap_back-l1", "return", 1, 100)]


def test_the_newest_run_of_an_order_has_all_of_it(company: Warehouse) -> None:
    assert len(_sold(company, "relanded")) == 1
    assert _refunds(company, "relanded") == []
    assert len(_sold(company, "untouched")) == 1


def test_every_refund_is_accounted_for_to_the_penny(company: Warehouse) -> None:
    differences = company.ask(
        "select record_type, source_batch, raw.row_count, staged.row_count, raw.units,"
        " staged.units, raw.amount, staged.amount"
        " from intermediate.int_shopify__raw_totals as raw"
        " full join intermediate.int_shopify__staged_totals as staged"
        " using (record_type, sub_channel, source_batch)"
        " where raw.row_count is distinct from staged.row_count"
        " or raw.units is distinct from staged.units"
        " or raw.amount is distinct from staged.amount"
    )
    assert differences == []
    (paid, counted) = company.one(
        "select (select sum(amount - excluded_amount)"
        " from intermediate.int_shopify__staged_totals where record_type = 'refunds'),"
        " (select sum(refund_amount) from intermediate.int_shopify__refund_lines)"
    )
    assert paid == counted > 0
