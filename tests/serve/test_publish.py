import json
import os
from pathlib import Path

import duckdb
import pytest
from handmade import MARTS, ask, make_build

from serve.publish import check, publish
from serve.workspace import Workspace


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_publishes_the_public_marts_and_says_what_they_are(workspace: Workspace) -> None:
    make_build(workspace)
    report = publish(workspace)
    marts = workspace.warehouse_dir / "marts.duckdb"
    assert report.rows == {"orders": 2000, "products": 50}
    assert ask(marts, "select table_name from duckdb_tables() order by all") == [
        ("orders",),
        ("products",),
        ("publication",),
    ]
    about = ask(
        marts,
        "select publication_id, is_demo, dbt_invocation_id, cast(as_of as varchar) "
        "from publication",
    )
    expected_id = report.publication.publication_id
    assert about == [(expected_id, False, "11111111", "2026-10-31 00:00:00")]


def test_personal_data_is_only_in_the_restricted_file(workspace: Workspace) -> None:
    make_build(workspace)
    report = publish(workspace)
    restricted = workspace.warehouse_dir / "restricted.duckdb"
    assert report.restricted_rows == {"user_contacts": 1}
    assert ask(restricted, "select email from user_contacts") == [("someone@example.com",)]
    exports = workspace.warehouse_dir / "exports" / "current"
    assert {path.name for path in exports.iterdir()} == {
        "orders.parquet",
        "products.parquet",
        "publication.json",
    }


def test_shared_files_follow_the_umask_and_restricted_ones_never_do(workspace: Workspace) -> None:
    make_build(workspace)
    before = os.umask(0o022)
    try:
        publish(workspace)
    finally:
        os.umask(before)
    folder = workspace.warehouse_dir
    current = folder / "exports" / "current"
    assert _mode(folder / "marts.duckdb") == 0o644
    assert _mode(folder / "restricted.duckdb") == 0o600
    assert _mode(current / "orders.parquet") == 0o644
    assert _mode(current) == 0o755
    assert _mode(folder / "exports") == 0o755


def test_descriptions_become_comments(workspace: Workspace) -> None:
    column = {"name": "order_key", "description": 'Key, "quoted" and it\'s fine'}
    make_build(workspace, changes={"orders": {"columns": {"order_key": column}}})
    publish(workspace)
    marts = workspace.warehouse_dir / "marts.duckdb"
    assert ask(marts, "select comment from duckdb_tables() where table_name = 'orders'") == [
        ("The orders, it's said. **Grain:** one row each.",)
    ]
    assert ask(marts, "select comment from duckdb_columns() where column_name = 'order_key'") == [
        ('Key, "quoted" and it\'s fine',)
    ]


def test_published_files_open_in_duckdb_1_1(workspace: Workspace) -> None:
    make_build(workspace)
    publish(workspace)
    for name in ("marts", "restricted"):
        path = workspace.warehouse_dir / f"{name}.duckdb"
        tags = ask(path, "select tags from duckdb_databases() where database_name = 'published'")[
            0
        ][0]
        assert tags["storage_version"].startswith("v1.0.0")
        assert not path.with_name(f"{path.name}.wal").exists()


def test_the_same_build_gives_the_same_rows_in_the_same_order(workspace: Workspace) -> None:
    shuffled = {
        "orders": ("core", "select range as order_key, range % 3 as units_sold from range(5000)")
    }
    mixed = {
        "orders": ("core", f"select * from ({shuffled['orders'][1]}) order by hash(order_key)")
    }
    files = []
    for marts in (shuffled, mixed):
        make_build(workspace, marts)
        publish(workspace)
        current = workspace.warehouse_dir / "exports" / "current"
        files.append((current / "orders.parquet").read_bytes())
    assert files[0] == files[1]


def test_rows_stand_in_the_declared_order(workspace: Workspace) -> None:
    marts = {"ranks": ("core", "select 9 - range as place, 'x' || range as sku from range(9)")}
    config = {"materialized": "table", "meta": {"order_by": ["sku"]}}
    make_build(workspace, marts, changes={"ranks": {"config": config}})
    publish(workspace)
    rows = ask(workspace.warehouse_dir / "marts.duckdb", "select sku from ranks limit 2")
    assert rows == [("x0",), ("x1",)]


@pytest.mark.parametrize(
    ("order_by", "message"),
    [
        (["nothing"], "meta.order_by names nothing, which is not a column"),
        (["units_sold"], r"meta.order_by \(units_sold\) is not unique"),
    ],
)
def test_an_order_that_decides_nothing_is_refused(
    workspace: Workspace, order_by: list[str], message: str
) -> None:
    config = {"materialized": "table", "meta": {"order_by": order_by}}
    make_build(workspace, changes={"orders": {"config": config}})
    with pytest.raises(Exception, match=message):
        publish(workspace)
    assert not (workspace.warehouse_dir / "marts.duckdb").exists()


def test_a_mart_without_rows_is_published_as_an_empty_table(workspace: Workspace) -> None:
    empty = ("quality", "select 'EUR' as currency, 1 as row_count where false")
    make_build(workspace, {**MARTS, "missing_rates": empty})
    assert publish(workspace).rows["missing_rates"] == 0
    parquet = workspace.warehouse_dir / "exports" / "current" / "missing_rates.parquet"
    with duckdb.connect() as connection:
        columns = connection.execute(f"describe from '{parquet}'").fetchall()
    assert [column[0] for column in columns] == ["currency", "row_count"]


def test_models_that_are_not_public_marts_stay_in_the_build(workspace: Workspace) -> None:
    changes = {
        "products": {"access": "protected"},
        "orders": {"original_file_path": "models/intermediate/orders.sql"},
    }
    other = {**MARTS, "users": ("core", "select 'U1' as user_key")}
    make_build(workspace, other, changes=changes)
    assert list(publish(workspace).rows) == ["users"]


def test_three_publications_of_exports_are_kept(workspace: Workspace) -> None:
    make_build(workspace)
    ids = [publish(workspace).publication.publication_id for _ in range(5)]
    exports = workspace.warehouse_dir / "exports"
    kept = sorted(path.name for path in exports.iterdir() if path.name != "current")
    assert ids == sorted(ids)
    assert kept == ids[-3:]
    assert (exports / "current").readlink() == Path(ids[-1])
    about = json.loads((exports / "current" / "publication.json").read_text())
    assert about["publication_id"] == ids[-1]


def test_an_id_sorts_last_even_when_the_clock_went_back(workspace: Workspace) -> None:
    make_build(workspace)
    (workspace.warehouse_dir / "exports" / "29990101T000000000000Z").mkdir(parents=True)
    assert publish(workspace).publication.publication_id == "29990101T000000000001Z"


def test_a_reader_keeps_its_snapshot_while_others_see_the_new_one(workspace: Workspace) -> None:
    marts = workspace.warehouse_dir / "marts.duckdb"
    make_build(workspace)
    publish(workspace)
    reader = duckdb.connect()
    reader.execute(f"attach '{marts}' as held (read_only)")
    make_build(workspace, {"orders": ("core", "select 1 as order_key")})
    publish(workspace)
    assert reader.execute("select count(*) from held.orders").fetchall() == [(2000,)]
    assert reader.execute("select count(*) from held.products").fetchall() == [(50,)]
    assert ask(marts, "select count(*) from orders") == [(1,)]
    reader.close()


def test_a_log_left_by_a_writer_is_not_replayed_onto_the_new_file(workspace: Workspace) -> None:
    make_build(workspace)
    publish(workspace)
    log = workspace.warehouse_dir / "marts.duckdb.wal"
    log.write_bytes(b"what a crashed writer left")
    publish(workspace)
    assert not log.exists()


def test_check_says_what_would_be_written_and_writes_nothing(workspace: Workspace) -> None:
    make_build(workspace)
    lines = check(workspace)
    assert "2 marts" in lines[1]
    assert not workspace.warehouse_dir.exists()
