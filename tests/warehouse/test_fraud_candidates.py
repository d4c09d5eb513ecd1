"""Return fraud candidates of the demo company, against the rules in Python and what is planted."""

import csv
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Servers
from fraud_models import FraudModels, parsed
from fraud_reference import Rules, judge
from warehouse_run import Warehouse

from demo.company import stories
from demo.company.period import AS_OF
from demo.shopify.shop.complications import SERIAL_CUSTOMER
from demo.shopify.shop.drafts import ACCOUNTS_OF_ONE
from demo.shopify.shop.values import own_number

PARAMETERS = (
    Rules(),
    Rules(days_back=90),
    Rules(days_back=30, min_orders=1),
    Rules(min_orders=1, return_rate_threshold="1"),
    Rules(min_orders=2, return_rate_threshold="0.5"),
    Rules(return_rate_threshold="0.25", serial_threshold=2),
    Rules(wardrobing_window_days=3),
    Rules(wardrobing_window_days=45, serial_threshold=3),
    Rules(wardrobing_window_days=0, min_orders=8),
    Rules(days_back=180, return_rate_threshold="0.05", serial_threshold=1),
)
COUNTS = """
select
    customer_id, orders, orders_with_return, returns_count, wardrobed_orders,
    is_high_return_rate, is_wardrobing, is_serial_returner
from fraud_customers where sub_channel = 'hewyn'
"""
NAMES = ("high_return_rate", "wardrobing", "serial_returner")


@pytest.fixture(scope="module")
def models(demo_company: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> FraudModels:
    folder: Path = tmp_path_factory.mktemp("fraud")
    database = folder / "build.duckdb"
    shutil.copyfile(demo_company.home / "build.duckdb", database)
    return parsed(database, AS_OF.isoformat(), folder / "target")


@pytest.mark.parametrize("rules", PARAMETERS, ids=str)
def test_every_customer_is_judged_as_the_rules_say(
    rules: Rules, models: FraudModels, demo_servers: Servers
) -> None:
    orders = [entry.word() for entry in demo_servers.shop.app.store.orders]
    expected = {
        customer: (one.orders, one.orders_with_return, one.returns, one.wardrobed, flags)
        for customer, one in judge(orders, rules, AS_OF).items()
        for flags in [one.flags(rules)]
    }
    models.run(rules.variables)
    found = {
        customer: (*counts, {name for name, is_met in zip(NAMES, met, strict=True) if is_met})
        for customer, *rest in models.ask(COUNTS)
        for counts, met in [(rest[:4], rest[4:])]
    }
    assert found.keys() == expected.keys()
    assert {key: found[key] for key in found if found[key] != expected[key]} == {}


def test_the_backtest_of_a_month_is_what_the_rules_said_at_its_end(
    models: FraudModels, demo_company: Warehouse
) -> None:
    months = demo_company.ask(
        "select month_end, candidates, high_return_rate_candidates, wardrobing_candidates, "
        "serial_returner_candidates from fraud_policy_backtest where policy_name = 'in_force' "
        "order by month_end desc limit 8"
    )
    for month_end, *counted in (months[0], months[-1]):
        models.run({"as_of": f"{month_end}T00:00:00Z"})
        met = ("is_high_return_rate", "is_wardrobing", "is_serial_returner")
        counts = ", ".join(f"count(*) filter (where {one})" for one in (" or ".join(met), *met))
        assert models.ask(f"select {counts} from fraud_customers") == [tuple(counted)]
    assert months[0][1] > 0


def test_those_that_were_planted_lead_the_list(demo_company: Warehouse) -> None:
    ranks = dict(demo_company.ask("select user_key, risk_rank from fraud_candidates"))
    tagged = [_hewyn(number) for number in ACCOUNTS_OF_ONE]
    returner = demo_company.one(
        "select user_key from fraud_customers where sub_channel = ? and orders = ? "
        "and orders_with_return = ?",
        [
            stories.SERIAL_RETURNER.sub_channel,
            stories.SERIAL_RETURNER.orders,
            stories.SERIAL_RETURNER.returned_orders,
        ],
    )[0]
    wardrober = f"marketplace:{stories.WARDROBER.sub_channel}:C{stories.WARDROBER.number:08d}"
    planted = [*tagged, _hewyn(SERIAL_CUSTOMER), returner, wardrober]
    assert sorted(ranks[key] for key in planted) == list(range(1, len(planted) + 1))


def test_one_person_with_three_accounts_is_seen_as_one(demo_company: Warehouse) -> None:
    rows = demo_company.ask(
        "select person_key, person_accounts, orders, person_orders, flags, linked_by "
        "from fraud_candidates where user_key in (?, ?, ?)",
        [_hewyn(number) for number in ACCOUNTS_OF_ONE],
    )
    assert len(rows) == 3 and len({row[0] for row in rows}) == 1
    # No account has enough orders for the rate; the person has.
    assert {row[1:4] for row in rows} == {(3, 2, 6)}
    assert all("person:high_return_rate" in row[4] for row in rows)
    # The first and the last share nothing but the one between them.
    linked_by = sorted(row[5] for row in rows)
    assert linked_by == ["email", "email, name_and_address", "name_and_address"]
    links = demo_company.ask(
        "select distinct identifier_kind, accounts_with_identifier from person_links "
        f"where person_key = '{rows[0][0]}' order by all"
    )
    assert links == [("email", 2), ("name_and_address", 2)]


HEAVY = """
insert into main.users
select one.* replace (
    'shopify:hewyn:heavy' as user_key, 'person:heavy' as person_key, 'shopify' as channel,
    'hewyn' as sub_channel
) from (from main.users limit 1) as one;
insert into main.orders
select one.* replace (
    'heavy:' || number as order_key, 'shopify:hewyn:heavy' as user_key, 'shopify' as channel,
    'hewyn' as sub_channel, '#h' || number as order_name, 1 as units_sold, false as is_test,
    false as is_cancelled, 'open' as resolution_state,
    $as_of - to_hours(cast(number * 12 as integer)) as ordered_at, null as delivered_at
) from (from main.orders limit 1) as one cross join range(500) as numbers(number);
insert into main.return_items
select one.* replace (
    'heavy:' || number as return_item_key, 'heavy:r' || number as return_id,
    'heavy:' || number as order_key, 'CUSTOMER' as reason_category, 1 as units_returned,
    true as is_customer_return, $as_of - interval '1 hour' as requested_at
) from (from main.return_items limit 1) as one cross join range(5) as numbers(number);
insert into intermediate.int_scores__user_orders
select one.* replace (
    'shopify:hewyn:heavy' as user_key, 'heavy:' || number as order_key,
    cast(number < 5 as integer) as is_held, 0.06 as expected_returns
) from (from intermediate.int_scores__user_orders limit 1) as one
cross join range(500) as numbers(number);
"""


def test_a_heavy_buyer_is_flagged_and_ranks_last_with_the_reason(models: FraudModels) -> None:
    as_of = AS_OF.replace(tzinfo=None)
    with models.writing() as connection:
        for statement in filter(str.strip, HEAVY.split(";")):
            given = {"as_of": as_of} if "$as_of" in statement else {}
            connection.execute(statement, given)
    models.run({})
    flags, why, rank, last = models.ask(
        "select flags, why, risk_rank, (select max(risk_rank) from fraud_candidates) "
        "from fraud_candidates where user_key = 'shopify:hewyn:heavy'"
    )[0]
    assert flags == "serial_returner"
    assert rank == last
    assert why.startswith("5 of 500 orders came back (1.0 %)")
    assert why.endswith("no more than of others who bought the same")


DRAWN = """
create or replace temp table drawn as
select customer, 1 + cast(hash(customer, 'n') % 12 as integer) as orders,
    -- Persons differ by themselves: rates of 2, 6 or 16 % whose mean is what is expected.
    case hash(customer, 'p') % 3 when 0 then 0.02 when 1 then 0.06 else 0.16 end as rate
from range(20000) as customers(customer);
create or replace table main.users as
select one.* replace (
    'shopify:hewyn:d' || drawn.customer as user_key, 'person:d' || drawn.customer as person_key,
    'shopify' as channel, 'hewyn' as sub_channel
) from (from main.users limit 1) as one cross join drawn;
create or replace table main.orders as
select one.* replace (
    drawn.customer || ':' || number as order_key, 'shopify:hewyn:d' || drawn.customer as user_key,
    'shopify' as channel, 'hewyn' as sub_channel, false as is_test, false as is_cancelled,
    'open' as resolution_state, 1 as units_sold, $as_of - interval '90 days' as ordered_at
) from (from main.orders limit 1) as one cross join drawn cross join range(12) as n(number)
where number < drawn.orders;
create or replace table intermediate.int_scores__user_orders as
select
    'shopify:hewyn:d' || drawn.customer as user_key,
    drawn.customer || ':' || number as order_key,
    cast((hash(drawn.customer, number) % 100000) / 100000.0 < drawn.rate as integer) as is_held,
    0.08 as expected_returns
from drawn cross join range(12) as n(number) where number < drawn.orders;
"""


def test_customers_of_the_baseline_are_rarely_called_abnormal(models: FraudModels) -> None:
    with models.writing() as connection:
        for statement in filter(str.strip, DRAWN.split(";")):
            given = {"as_of": AS_OF.replace(tzinfo=None)} if "$as_of" in statement else {}
            connection.execute(statement, given)
    models.run({})
    evaluated, abnormal, below = models.ask(
        "select count(*), count(*) filter (where is_abnormal), "
        "count(*) filter (where p_value <= 0.05) from fraud_customers"
    )[0]
    assert evaluated == 20_000
    # Nobody is abnormal here, so any q value below the line is a false alarm.
    assert abnormal <= 2
    assert 0.01 * evaluated < below <= 0.05 * evaluated


def test_what_is_left_out_is_counted(demo_company: Warehouse) -> None:
    guests = demo_company.one(
        "select count(*) from orders where user_key is null and not is_test and not is_cancelled "
        "and units_sold > 0 and ordered_at >= ? and ordered_at <= ?",
        [datetime(2025, 10, 31, tzinfo=UTC), AS_OF],
    )[0]
    counted = demo_company.one(
        "select sum(row_count) from exclusions where left_out_of = 'fraud_candidates' "
        "and excluded_reason = 'guest_order'"
    )[0]
    assert counted == guests > 0


def test_the_report_from_the_warehouse_is_json_alone(demo_company: Warehouse) -> None:
    told = demo_company.call("serve", "fraud-report", "--from-warehouse", "--format", "json")
    report = json.loads(told)
    flagged, evaluated = demo_company.one(
        "select count(*) filter (where is_candidate), count(*) from fraud_customers"
    )
    assert report["store"] == "all"
    assert (report["flagged_candidates"], report["customers_evaluated"]) == (flagged, evaluated)
    with Path(report["output_file"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == flagged
    # Contacts come from the restricted mart and stand in no other.
    assert all("@" in row["email"] for row in rows if row["email"]) and rows[0]["email"]


def test_other_parameters_touch_nothing_published_and_live_agrees(
    demo_company: Warehouse,
) -> None:
    kept = [demo_company.home / "build.duckdb", demo_company.home / "warehouse" / "marts.duckdb"]
    before = [path.stat().st_mtime_ns for path in kept]
    asked = ("--format", "json", "--min-orders", "2", "--days-back", "200")
    live, landed = (
        json.loads(demo_company.call("serve", "fraud-report", *asked, *source))
        for source in ((), ("--from-warehouse", "--store", "hewyn"))
    )
    assert live == landed
    assert live["period_days"] == 200 and live["flagged_candidates"] > 0
    assert [path.stat().st_mtime_ns for path in kept] == before
    assert not list(demo_company.home.glob(".fraud-*"))


def _hewyn(customer: int) -> str:
    return f"shopify:hewyn:{own_number('Customer', customer)}"
