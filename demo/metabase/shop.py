"""Builds the operational tables of `extract/metabase/example_schema.sql` in DuckDB."""

import re
from pathlib import Path

import duckdb

from demo.company import AS_OF, BY_CODE, Company
from demo.metabase.planned import PLANNED_ORDERS
from demo.metabase.rows import customer_rows, insert_order

SUB_CHANNEL = BY_CODE["desertcart"]
FIRST_COMPANY_ID = 100_000
"""The id of the company's first order; its number 0."""

TABLES = ("customers", "products", "orders", "order_items", "refunds", "refund_items")

_SQL_DIR = Path(__file__).parent / "sql"
_SCHEMA = Path(__file__).parents[2] / "extract" / "metabase" / "example_schema.sql"
_ITEMS_PER_ORDER = 5


def build_company_shop(path: Path, lines: int, seed: int, *, with_planned: bool) -> None:
    """Write the shop of the company's desertcart orders, and the planned ones on top, to a file.

    Errors: ValueError when the company can't have so few lines.
    """
    with Company(lines, seed) as company:
        connection = company.connection
        connection.execute(f"attach '{_quoted(path)}' as shop")
        # One commit for all, because each is written through to the disk.
        connection.execute("begin")
        _create(connection)
        connection.execute(
            "create temp table seen_customers (customer_no bigint, country varchar, "
            "first_ordered_at timestamp, last_ordered_at timestamp)"
        )
        for chunk in company.chunks(SUB_CHANNEL):
            company.fill(connection, chunk)
            _execute(
                connection,
                "fill",
                sub_channel_no=SUB_CHANNEL.number,
                first_id=FIRST_COMPANY_ID,
                as_of=AS_OF.replace(tzinfo=None),
            )
        _execute(connection, "people_and_products")
        if with_planned:
            connection.executemany(
                "insert into shop.customers values (?, ?, ?, ?, ?, ?, ?)", customer_rows()
            )
            for order in PLANNED_ORDERS:
                insert_order(connection, order, "shop.")
        _index(connection)
        connection.execute("commit")
        connection.execute("detach shop")


def build_volume_shop(path: Path, rows: int) -> None:
    """Write a shop of so many order items, five an order, without a company behind it."""
    orders = -(-rows // _ITEMS_PER_ORDER)
    with duckdb.connect(config={"memory_limit": "700MB", "threads": 1}) as connection:
        connection.execute(f"attach '{_quoted(path)}' as shop")
        _create(connection, is_keyed=False)
        _execute(
            connection,
            "volume",
            orders=orders,
            items=rows,
            customers=max(orders // 10, 1),
        )
        connection.execute("detach shop")


def open_shop(path: Path, threads: int = 1) -> duckdb.DuckDBPyConnection:
    """Open a shop for the server: no way to other files, no way to change the settings."""
    connection = duckdb.connect(str(path), config={"memory_limit": "700MB", "threads": threads})
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _statements(text: str) -> list[str]:
    bare = re.sub(r"--[^\n]*", "", text)
    return [statement.strip() for statement in bare.split(";") if statement.strip()]


def _schema() -> list[str]:
    return _statements(_SCHEMA.read_text(encoding="utf-8"))


def _create(connection: duckdb.DuckDBPyConnection, *, is_keyed: bool = True) -> None:
    for statement in _schema():
        if not statement.startswith("create table "):
            continue
        bare = statement if is_keyed else statement.replace(" primary key", "")
        connection.execute(bare.replace("create table ", "create table shop."))


def _index(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the indexes, after the rows, because before them each row would pay."""
    for statement in _schema():
        if statement.startswith("create index "):
            connection.execute(re.sub(r" on (\w+)", r" on shop.\1", statement))


def _execute(connection: duckdb.DuckDBPyConnection, name: str, **values: object) -> None:
    for statement in _statements((_SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")):
        used = {key: value for key, value in values.items() if f"${key}" in statement}
        connection.execute(statement, used or None)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
