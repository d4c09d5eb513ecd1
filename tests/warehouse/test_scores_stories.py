"""The verdicts on the demo company: what is planted is found, what is calm is left alone."""

from datetime import timedelta

import pytest
from scipy import stats
from warehouse_run import Warehouse

from demo.company import stories

SCORED = {
    "product_refunds": ("lines_sold", "lines_refunded", "line_refund_rate"),
    "product_channel_refunds": ("lines_sold", "lines_refunded", "line_refund_rate"),
    "category_refunds": ("lines_sold", "lines_refunded", "line_refund_rate"),
    "user_refunds": ("orders", "orders_held", "held_return_rate"),
    "user_channel_refunds": ("orders", "orders_held", "held_return_rate"),
}


def test_the_planted_products_are_critical_and_no_other(demo_company: Warehouse) -> None:
    found = demo_company.ask(
        "select sku from product_refunds where severity in ('critical', 'high') "
        "order by refund_rank"
    )
    assert found == [(stories.DEFECTIVE.sku,), (stories.MISLISTED.sku,)]


def test_a_verdict_says_why_and_what_to_do(demo_company: Warehouse) -> None:
    reason, advice, lines = demo_company.one(
        "select severity_reason, top_reason_advice, lines_refunded from product_refunds "
        "where sku = ?",
        [stories.MISLISTED.sku],
    )
    assert reason.startswith(f"{lines} of ")
    assert "More than 99.9 % sure that the true rate is over twice theirs" in reason
    assert "listing" in advice


def test_the_planted_returner_is_critical(demo_company: Warehouse) -> None:
    assert demo_company.ask(
        "select orders, orders_held from user_refunds where severity = 'critical'"
    ) == [(stories.SERIAL_RETURNER.orders, stories.SERIAL_RETURNER.returned_orders)]


def test_only_the_worsened_channel_is_up(demo_company: Warehouse) -> None:
    found = demo_company.ask(
        "select sub_channel from channel_kpis "
        "where trend_direction in ('up', 'down') and sub_channel != 'all'"
    )
    assert found == [(stories.WORSENED.sub_channel,)]


def test_only_the_worsened_channel_has_moved(demo_company: Warehouse) -> None:
    found = demo_company.ask(
        "select distinct sub_channel from channel_weekly "
        "where has_moved_up and sub_channel != 'all'"
    )
    assert found == [(stories.WORSENED.sub_channel,)]


def test_the_cusum_says_since_when(demo_company: Warehouse) -> None:
    ((since,),) = demo_company.ask(
        "select max(moved_up_since) from channel_weekly where sub_channel = ? and category = 'all'",
        [stories.WORSENED.sub_channel],
    )
    assert since is not None
    assert abs(since - stories.WORSENED.since.date()) <= timedelta(days=14)


@pytest.mark.parametrize("mart", SCORED)
def test_published_numbers_are_those_of_scipy(demo_company: Warehouse, mart: str) -> None:
    trials, hits, rate = SCORED[mart]
    rows = demo_company.ask(
        f"select {trials}, {hits}, prior_alpha, prior_beta, peer_{rate}, p_value, eb_{rate}, "
        f"probability_above_peers, probability_above_twice_peers from {mart} "
        "order by p_value limit 200"
    )
    for n, x, alpha, beta, peers, p_value, eb_rate, above, twice in rows:
        after = stats.beta(x + alpha, n - x + beta)
        assert p_value == pytest.approx(stats.betabinom.sf(x - 1, n, alpha, beta), abs=1e-9)
        assert eb_rate == pytest.approx(after.mean(), abs=1e-9)
        assert above == pytest.approx(after.sf(peers), abs=1e-9)
        assert twice == pytest.approx(after.sf(min(1, 2 * peers)), abs=1e-9)


@pytest.mark.parametrize("mart", SCORED)
def test_q_values_are_those_of_statsmodels(demo_company: Warehouse, mart: str) -> None:
    rows = demo_company.ask(f"select p_value, q_value from {mart} order by p_value, q_value")
    corrected = stats.false_discovery_control([p_value for p_value, _ in rows])
    assert [q_value for _, q_value in rows] == pytest.approx(list(corrected), abs=1e-9)


def test_days_add_up_to_the_headline_on_both_clocks(demo_company: Warehouse) -> None:
    assert demo_company.one(
        "select sum(orders), sum(units_sold), sum(units_refunded), sum(sales_usd), "
        "sum(refund_usd_by_refund_date) from channel_kpis_daily"
    ) == demo_company.one(
        "select orders, units_sold, units_refunded, sales_usd, refund_usd_by_refund_date "
        "from channel_kpis where channel = 'all'"
    )


def test_most_refunds_come_within_maturity(demo_company: Warehouse) -> None:
    (share,) = demo_company.one(
        "select max(cumulative_share) from refund_lag where channel = 'all' and is_within_maturity"
    )
    assert share > 0.9
    (last,) = demo_company.one("select max(cumulative_share) from refund_lag")
    assert last == 1


def test_a_customers_history_is_whole_and_in_order(demo_company: Warehouse) -> None:
    assert demo_company.one("select count(*) from user_history where event = 'order'") == (
        demo_company.one("select count(*) from orders where user_key is not null and not is_test")
    )
    assert (
        demo_company.ask(
            "select user_key from user_history qualify happened_at < lag(happened_at) "
            "over (partition by user_key order by event_number)"
        )
        == []
    )
