"""Another company's SQL: what it may change, and what is said where it breaks the contract."""

from pathlib import Path

import duckdb
import pytest
from metabase_stub import (
    SCHEMA,
    Stub,
    assert_nothing_landed,
    extract_shop,
    landed,
)

from extract.errors import ExtractError
from extract.metabase.queries import load_queries

PROJECT = Path(__file__).resolve().parents[2]


def _own_sql(tmp_path: Path, **changed: tuple[str, str]) -> Path:
    folder = tmp_path / "sql"
    folder.mkdir()
    for query in load_queries(PROJECT / "extract" / "metabase" / "sql"):
        sql = query.path.read_text()
        if query.table.name in changed:
            old, new = changed[query.table.name]
            assert old in sql
            sql = sql.replace(old, new)
        (folder / query.path.name).write_text(sql)
    return folder


def test_another_schema_needs_other_sql_only(own_stub: Stub, raw: Path, tmp_path: Path) -> None:
    own_stub.connection.execute("create table goods as from products; drop table products")
    folder = _own_sql(tmp_path, products=("from products", "from goods as products"))
    (folder / "products.sql").write_text((folder / "products.sql").read_text() + ";  \n")
    extract_shop(own_stub, raw, metabase_sql_dir=folder)
    assert landed(raw, "products").num_rows == 20


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("products.brand,", ""), r"products.sql: the result lacks brand; use lower-case"),
        (("products.brand,", "products.brand as maker,"), "lacks brand and has maker"),
        (("products.brand,", "products.brand, 1 as more,"), "has more that nobody asked for"),
        (
            (
                "replace(cast(products.updated_at as varchar), ' ', 'T') || 'Z' as updated_at",
                "products.updated_at",
            ),
            "column updated_at has type/DateTime; let the SQL",
        ),
        (("products.brand,", "1.5 as brand,"), r"column brand has type/Decimal"),
        (("'T') || 'Z' as updated_at", "'T') as updated_at"), "column updated_at has values that"),
        (("products.brand,", "products.brand, {{city}} as x,"), "unknown tag {{city}}"),
        (
            (
                "> (cast({{after_changed_at}} as timestamp), cast({{after_id}} as bigint))",
                "> (timestamp '1999-01-01', 0)",
            ),
            r"does not use {{after_changed_at}}, {{after_id}}",
        ),
        (("order by products.updated_at,", "order by products.updated_at desc,"), "not ordered by"),
        (
            ("cast(products.product_id as varchar) as product_id", "'1' as product_id"),
            "same product_id came twice",
        ),
        (
            (
                "cast(products.product_id as varchar) as product_id",
                "nullif('1', '1') as product_id",
            ),
            "column product_id is blank in 20 of 20 rows",
        ),
        (("from products", "from prodcts as products"), "the database refused the query"),
        (("products.brand,", 'products."connection",'), "the database refused the query"),
        (
            (
                "'T') || 'Z' as updated_at",
                "'T') || 'Z' as was, '0000-00-00T00:00:00Z' as updated_at",
            ),
            "the result has was that nobody asked for",
        ),
        (
            (
                "replace(cast(products.updated_at as varchar), ' ', 'T') || 'Z' as updated_at",
                "'0000-00-00T00:00:00Z' as updated_at",
            ),
            "column updated_at has values that are not text such as",
        ),
        (
            ("as varchar), ' ', 'T') || 'Z' as changed_at", "as varchar), ' ', 'T') as changed_at"),
            "column changed_at has values",
        ),
    ],
)
def test_sql_that_breaks_the_contract_lands_nothing(
    stub: Stub, raw: Path, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    folder = _own_sql(tmp_path, products=change)
    with pytest.raises(ExtractError, match=says) as caught:
        extract_shop(stub, raw, metabase_sql_dir=folder)
    assert "products.sql" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert_nothing_landed(raw)


def test_the_example_schema_has_the_columns_that_land() -> None:
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text())
        for query in load_queries(PROJECT / "extract" / "metabase" / "sql"):
            described = connection.execute(f"describe {query.table.name}").fetchall()
            assert [row[0] for row in described] == [one.name for one in query.table.columns]
