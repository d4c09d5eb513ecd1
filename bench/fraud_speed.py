"""How long the fraud models take: `python -m bench.fraud_speed [--customers 1000000]`.

Draws customers with twenty orders each into a scratch build file, as core and the scores would have
left them, and runs the models of the report on it. Prints seconds by the clock and of processors,
and the most memory that was held; writes nothing else. On a busy machine the processors' seconds,
divided by their number, tell what an idle one would take.
"""

import dataclasses
import resource
import tempfile
import time
from pathlib import Path

import click
import duckdb
from rich.console import Console

from bench.limits import Figure, show
from serve.fraud.models import FRAUD_MODELS, run_models, scratch_of
from serve.workspace import open_workspace

ORDERS_OF_A_CUSTOMER = 20
SECONDS_FOR_A_MILLION = 120.0
AS_OF = "2026-10-31T00:00:00Z"

# One order in ten comes back; customers differ: every hundredth returns one in two.
_TABLES = """
create schema intermediate;
create schema staging;
create table main.orders as
select
    'o' || (customer * {each} + number) as order_key,
    'shopify:hewyn:' || customer as user_key, 'shopify' as channel, 'hewyn' as sub_channel,
    '#' || (customer * {each} + number) as order_name, 1 + number % 3 as units_sold,
    false as is_test, false as is_cancelled, 'open' as resolution_state,
    cast(50 as decimal(18, 4)) as sales_usd, cast(0 as decimal(18, 4)) as refund_usd,
    timestamp '2026-10-30' - to_hours(cast(hash(customer, number) % 8600 as integer)) as ordered_at,
    ordered_at + interval '3 days' as delivered_at,
    hash(number, customer) % 1000 < case when customer % 100 = 0 then 500 else 100 end as is_back
from range({customers}) as customers(customer) cross join range({each}) as numbers(number);
create table main.return_items as
select
    order_key, 'r' || order_key as return_id, true as is_customer_return,
    1 + hash(order_key) % units_sold as units_returned,
    delivered_at + to_hours(cast(hash(order_key, 'h') % 960 as integer)) as requested_at,
    case when hash(order_key) % 4 = 0 then 'OUR_FAULT' else 'CUSTOMER' end as reason_category
from main.orders where is_back;
create table intermediate.int_scores__user_orders as
select
    user_key, order_key, 0.03 + hash(order_key, 'e') % 1000 / 8000.0 as expected_returns,
    cast(is_back and hash(order_key) % 4 > 0 as integer) as is_held
from main.orders;
create table main.users as
select
    'shopify:hewyn:' || customer as user_key, 'shopify' as channel, 'hewyn' as sub_channel,
    'person:' || (customer - case when customer % 50 = 1 then 1 else 0 end) as person_key
from range({customers}) as customers(customer);
create table main.person_links as
select user_key, person_key, 'email' as identifier_kind from main.users limit 20000;
create table intermediate.int_fraud__accounts as
select
    user_key, cast(1000 as decimal(18, 4)) as lifetime_spend, 'AED' as lifetime_spend_currency,
    cast(null as varchar) as tags
from main.users;
"""


@click.command()
@click.option("--customers", type=click.IntRange(min=1_000), default=1_000_000, show_default=True)
def main(customers: int) -> None:
    """Measure the fraud models on so many customers with twenty orders each."""
    with tempfile.TemporaryDirectory(prefix="fraud-speed-") as folder:
        workspace = scratch_of(Path(folder), dataclasses.replace(open_workspace(), as_of=None))
        started = time.perf_counter()
        with duckdb.connect(str(workspace.build_database)) as connection:
            drawn = _TABLES.format(customers=customers, each=ORDERS_OF_A_CUSTOMER)
            for statement in filter(str.strip, drawn.split(";")):
                connection.execute(statement)
        ready = time.perf_counter()
        orders = customers * ORDERS_OF_A_CUSTOMER
        click.echo(f"{customers:,} customers, {orders:,} orders drawn in {ready - started:.0f} s")
        run_models(workspace, FRAUD_MODELS, {"as_of": AS_OF, "store": "all"})
        seconds = time.perf_counter() - ready
        # dbt runs in a process of its own, the only one that this one starts.
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        with duckdb.connect(str(workspace.build_database), read_only=True) as connection:
            counts = "select count(*), count(*) filter (where is_candidate) from fraud_customers"
            evaluated, candidates = connection.execute(counts).fetchall()[0]
        click.echo(f"{evaluated:,} customers evaluated, {candidates:,} candidates")
    # dbt takes as long to start for few customers as for many.
    limit = SECONDS_FOR_A_MILLION * max(1, customers / 1_000_000)
    name = f"{customers:,} customers"
    show(
        [
            Figure(f"{name}: on the clock, start of dbt included", seconds, limit, "s"),
            Figure(f"{name}: of cores", used.ru_utime + used.ru_stime, None, "s"),
            Figure(f"{name}: peak of memory", used.ru_maxrss / 1e6, None, "GB"),
        ],
        Console(),
    )


if __name__ == "__main__":
    main()
