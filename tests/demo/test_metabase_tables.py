"""The shop's tables say what the generator and the plan put in, to the subunit."""

from collections import Counter
from collections.abc import Iterator

import pytest
from metabase_shop import Asked, serving

from demo.company.channels import CURRENCY_DECIMALS
from demo.metabase import EXPORT_ROW_LIMIT, Options, running
from demo.metabase.planned import PLANNED_ORDERS

DECIMALS = {"JPY": 0, "KRW": 0, "AED": 2, "USD": 2, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3}


@pytest.fixture(scope="module")
def shop() -> Iterator[Asked]:
    with serving(row_limit=EXPORT_ROW_LIMIT - 1) as asked:
        yield asked


def test_each_order_has_the_units_and_subunits_of_the_truth(shop: Asked) -> None:
    found = {
        int(order_id): (number, currency, is_test, int(units), int(cancelled), int(amount))
        for order_id, number, currency, is_test, units, cancelled, amount in shop.rows(
            "select cast(orders.order_id as varchar), order_number, orders.currency, is_test, "
            "sum(quantity), sum(cancelled_quantity), sum(line_amount) "
            "from orders inner join order_items using (order_id) "
            "where not is_gift_card group by all"
        )
    }
    truth = shop.server.truth()
    assert found == {
        order_id: (
            order.order_number,
            order.currency,
            order.is_test,
            order.units_ordered,
            order.units_cancelled,
            order.line_amount,
        )
        for order_id, order in truth.items()
    }
    assert len(truth) > 1_900


@pytest.mark.parametrize("currency", sorted(CURRENCY_DECIMALS.keys() & {*DECIMALS, "TND"}))
def test_money_paid_back_is_equal_to_the_subunit(shop: Asked, currency: str) -> None:
    truth: Counter[int] = Counter()
    for order in shop.server.truth().values():
        truth[order.order_id] += order.paid_back.get(currency, 0)
    found = {
        int(order_id): int(amount)
        for order_id, amount in shop.rows(
            "select cast(order_id as varchar), sum(amount) from refunds "
            f"where status = 'refunded' and currency = '{currency}' "
            "group by order_id having sum(amount) > 0"
        )
    }
    assert found == {order_id: amount for order_id, amount in truth.items() if amount}
    assert found


def test_an_amount_is_its_price_with_as_many_digits_as_the_currency_has(shop: Asked) -> None:
    # The catalogue's prices end in .00 or .99, in .250 steps, or in tens of yen.
    for currency, decimals in DECIMALS.items():
        ((smallest, typical),) = shop.rows(
            "select gcd_all, typical from (select min(unit_amount) as gcd_all, "
            f"median(unit_amount) as typical from order_items where currency = '{currency}' "
            "and order_id < 1000000000)"
        )
        assert int(smallest) % {0: 10, 2: 1, 3: 250}[decimals] == 0
        assert float(typical) > 100


def test_paid_units_are_those_of_the_truth(shop: Asked) -> None:
    found = {
        int(order_id): int(units)
        for order_id, units in shop.rows(
            "select cast(refunds.order_id as varchar), sum(refund_items.quantity) "
            "from refunds inner join refund_items using (refund_id) "
            "inner join order_items using (order_item_id) "
            "where refunds.status = 'refunded' and refund_type in ('return', 'refund_only') "
            "and not is_gift_card group by all"
        )
    }
    truth = shop.server.truth()
    assert found == {o.order_id: o.units_refunded for o in truth.values() if o.units_refunded}


def test_totals_add_up_as_the_schema_says(shop: Asked) -> None:
    assert shop.rows(
        "select count(*) from orders where total_amount "
        "!= items_amount - discount_amount + shipping_amount + tax_amount"
    ) == [[0]]
    assert shop.rows(
        "select count(*) from orders inner join (select order_id, "
        "sum(unit_amount * quantity) as items, sum(discount_amount) as discounts "
        "from order_items group by order_id) as lines using (order_id) "
        "where items != items_amount or discounts != orders.discount_amount"
    ) == [[0]]
    assert shop.rows(
        "select count(*) from order_items "
        "where line_amount != unit_amount * quantity - discount_amount"
    ) == [[0]]
    lineless = {
        row[0]
        for row in shop.rows(
            "select distinct refund_type from refunds left join refund_items using (refund_id) "
            "where refund_item_id is null and refunds.amount > shipping_amount"
        )
    }
    assert lineless == {"goodwill", "return", "cancellation"}


def test_nothing_is_later_than_the_demo_and_ids_are_unique(shop: Asked) -> None:
    for table, key in (
        ("orders", "order_id"),
        ("order_items", "order_item_id"),
        ("refunds", "refund_id"),
        ("refund_items", "refund_item_id"),
        ("customers", "customer_id"),
        ("products", "product_id"),
    ):
        ((rows, keys, latest),) = shop.rows(
            f"select count(*), count(distinct {key}), "
            f"max(updated_at) <= timestamp '2026-10-31' from {table}"
        )
        assert rows == keys == shop.server.table_counts()[table]
        assert latest is True


def test_every_awkward_case_is_there(shop: Asked) -> None:
    assert shop.rows("select count(*) from orders where is_test") == [[2]]
    assert shop.rows("select count(*) from order_items where is_gift_card") == [[1]]
    assert shop.rows(
        "select count(*) from refunds inner join orders using (order_id) "
        "where refunds.currency != orders.currency"
    ) == [[2]]
    kinds = {
        (kind, status)
        for kind, status in shop.rows("select distinct refund_type, status from refunds")
    }
    assert kinds >= {
        ("return", "requested"),
        ("return", "approved"),
        ("return", "declined"),
        ("return", "withdrawn"),
        ("cancellation", "refunded"),
        ("undelivered", "refunded"),
        ("replacement", "refunded"),
        ("goodwill", "refunded"),
    }
    assert shop.rows("select count(*) > 5 from orders where customer_id is null") == [[True]]
    assert shop.rows("select count(distinct currency) from orders") == [[18]]
    stories = [order.story for order in PLANNED_ORDERS]
    assert len(set(stories)) == len(stories)


def test_items_of_a_line_are_never_of_another_order(shop: Asked) -> None:
    assert shop.rows(
        "select count(*) from refund_items left join order_items using (order_item_id) "
        "where order_items.order_id is null or order_items.order_id != refund_items.order_id"
    ) == [[0]]


def test_a_plain_shop_has_the_rows_asked_for() -> None:
    with running(rows=25_003, options=Options(row_limit=30_000)) as server:
        counts = server.table_counts()
        assert counts["order_items"] == 25_003
        assert counts["orders"] == 5_001
        assert counts["refund_items"] == counts["refunds"] == 1_250
        assert Asked(server).rows(
            "select count(*) from order_items left join orders using (order_id) "
            "where orders.order_id is null"
        ) == [[0]]
