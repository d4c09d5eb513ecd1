"""A shop read by GraphQL pages, by bulk operations and by REST is the same in the core tables.

The three readings are landed under three names and built together.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from warehouse_run import ONLY_MODELS, Warehouse

from demo import shopify
from demo.company.period import AS_OF

LINES = 2_000
READINGS = {"pages": ("graphql", "pages"), "bulk": ("graphql", "bulk"), "rest": ("rest", "auto")}
CORE = ("orders", "order_items", "refund_items", "return_items")

# What REST has no word for. Orders with an exchange, and those whose parcel came back: there a
# parcel that failed may as well be one whose tracking was lost.
_ASIDE = """
    select order_id from intermediate.int_shopify__exchanged_lines where sub_channel = 'pages'
    union
    select order_id from intermediate.int_shopify__orders_classified
    where sub_channel = 'pages' and order_state = 'undelivered'
"""
# A return is unseen: that goods came back (unless they were put back in stock), and why.
_UNSEEN = {
    "orders": ("has_return",),
    "refund_items": (
        "raw_reason",
        "reason",
        "reason_category",
        "reason_match",
        "reason_rule",
        "refund_kind",
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    home: Path = tmp_path_factory.mktemp("readings")
    (home / "onbuy").mkdir()
    company = Warehouse(home, f"onbuy={home / 'onbuy'}", AS_OF.isoformat())
    with shopify.running(LINES) as shop:
        for name, (api, how) in READINGS.items():
            reader = Warehouse(
                home / name,
                company.folders,
                company.as_of,
                {
                    "SHOPIFY_URL": shop.url,
                    "SHOPIFY_STORE": shop.store,
                    "SHOPIFY_ACCESS_TOKEN": shop.access_token,
                    "SHOPIFY_API": api,
                },
            )
            reader.call("extract", "shopify", "--api", how)
            _rename(home / name / "raw" / "shopify", home / "raw" / "shopify", name)
    for source in ("marketplace", "metabase", "rates"):
        company.call("extract", source)
    wanted = [f"+{mart}" for mart in CORE]
    target = ("--target-path", str(home / "target"))
    company.call("serve", "dbt", "build", *ONLY_MODELS, *target, "--select", *wanted)
    yield company


def _rename(read: Path, landed: Path, store: str) -> None:
    (run,) = read.glob("run=*")
    shutil.copytree(run, landed / run.name)
    for path in (landed / run.name).glob("*.parquet"):
        table = pq.read_table(path)
        place = table.schema.get_field_index("store")
        names = pa.repeat(pa.scalar(store, pa.string()), table.num_rows)
        pq.write_table(table.set_column(place, table.schema.field(place), names), path)


def _rows(mart: str, reading: str, columns: str, orders: str) -> str:
    """Return a query for the rows of a reading, its name taken out of all keys."""
    return f"""
        select {columns} from (
            select
                columns(lambda name: not contains(name, '_key') and name != 'sub_channel'),
                replace(columns(lambda name: contains(name, '_key')), ':{reading}', '')
            from {mart} where sub_channel = '{reading}'
        ) where split_part(order_key, ':', 2) {orders}
    """


def _differing(built: Warehouse, mart: str, reading: str, unseen: Sequence[str] = ()) -> int:
    """Count the rows that pages have and this reading has not, or the other way round."""
    columns = f"* exclude ({', '.join(unseen)})" if unseen else "*"
    orders = f"not in ({_ASIDE})" if reading == "rest" else "is not null"
    one, other = (_rows(mart, name, columns, orders) for name in ("pages", reading))
    (count,) = built.one(
        f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))"
    )
    return int(count)


@pytest.mark.parametrize("mart", CORE)
def test_bulk_operations_are_the_same_shop_as_pages(built: Warehouse, mart: str) -> None:
    assert built.one(f"select count(*) > 20 from {mart} where sub_channel = 'bulk'") == (True,)
    assert _differing(built, mart, "bulk") == 0


@pytest.mark.parametrize("mart", ["orders", "order_items", "refund_items"])
def test_rest_is_the_same_shop_but_for_returns(built: Warehouse, mart: str) -> None:
    assert _differing(built, mart, "rest", _UNSEEN.get(mart, ())) == 0


def test_rest_leaves_few_orders_uncompared(built: Warehouse) -> None:
    (aside, orders) = built.one(
        f"select (select count(distinct order_id) from ({_ASIDE})),"
        " (select count(*) from orders where sub_channel = 'rest')"
    )
    assert 0 < aside < orders / 20


def test_a_refund_is_of_another_kind_by_rest_only_where_a_return_says_so(built: Warehouse) -> None:
    differences = built.ask(
        f"""
        select distinct pages.refund_kind, rest.refund_kind
        from refund_items as pages
        inner join refund_items as rest
            on rest.sub_channel = 'rest'
            and replace(pages.refund_line_key, ':pages', '')
            = replace(rest.refund_line_key, ':rest', '')
        where pages.sub_channel = 'pages' and pages.refund_kind != rest.refund_kind
            and split_part(pages.order_key, ':', 3) not in ({_ASIDE})
        """
    )
    assert differences in ([], [("return", "refund_only")])


def test_a_refund_has_another_reason_by_rest_only_where_a_return_has_one(built: Warehouse) -> None:
    (differing, without_return) = built.one(
        f"""
        select count(*), count(*) filter (
            where split_part(pages.order_key, ':', 3) not in (
                select order_id from staging.stg_shopify__returns where sub_channel = 'pages'
            )
        )
        from refund_items as pages
        inner join refund_items as rest
            on rest.sub_channel = 'rest'
            and replace(pages.refund_line_key, ':pages', '')
            = replace(rest.refund_line_key, ':rest', '')
        where pages.sub_channel = 'pages' and pages.raw_reason is distinct from rest.raw_reason
            and split_part(pages.order_key, ':', 3) not in ({_ASIDE})
        """
    )
    assert differing > 0
    assert without_return == 0
