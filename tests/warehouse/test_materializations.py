"""Relations written in place: rebuilt, turned from one kind into the other, whole or as before."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

MACROS = Path(__file__).parents[2] / "macros" / "engine" / "materializations.sql"
PROJECT = """\
name: places
version: 0.1.0
profile: places
flags: {send_anonymous_usage_stats: false}
vars: {kind: table, row: 1}
"""
PROFILE = """\
places:
  target: dev
  outputs:
    dev: {type: duckdb, path: places.duckdb, schema: main, threads: 1}
"""
PLACES = """\
{{ config(materialized=var('kind'), pre_hook="create table if not exists hooks (hook text)",
    post_hook="insert into hooks values ('after {{ this.name }}')") }}
select {{ var('row') }} as place
"""
CONTRACT = """\
models:
  - name: cities
    config: {materialized: table, contract: {enforced: true}}
    columns:
      - name: city
        data_type: integer
        constraints: [{type: check, expression: "city < 10"}]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "macros").mkdir()
    shutil.copy(MACROS, tmp_path / "macros")
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "profiles.yml").write_text(PROFILE)
    (tmp_path / "models" / "places.sql").write_text(PLACES)
    (tmp_path / "models" / "cities.sql").write_text("select {{ var('row') }} as city")
    (tmp_path / "models" / "cities.yml").write_text(CONTRACT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(**variables: Any) -> bool:
    try:
        words = ", ".join(f"{name}: {value}" for name, value in variables.items())
        arguments = ["run", "--log-level", "none", "--vars", f"{{{words}}}"]
        return bool(dbtRunner().invoke(arguments).success)
    finally:
        environment = DuckDBConnectionManager._ENV
        assert environment is not None
        environment.close()
        DuckDBConnectionManager.close_all_connections()


def _ask(question: str) -> list[tuple[Any, ...]]:
    with duckdb.connect("places.duckdb", read_only=True) as connection:
        return connection.execute(question).fetchall()


def _kind(name: str) -> str:
    ((kind,),) = _ask(
        f"select table_type from information_schema.tables where table_name = '{name}'"
    )
    return str(kind)


def test_a_relation_is_rebuilt_and_changes_its_kind(project: Path) -> None:
    for row, kind in enumerate(["table", "table", "view", "view", "table"]):
        assert _run(kind=kind, row=row)
        assert _kind("places") == {"table": "BASE TABLE", "view": "VIEW"}[kind]
        assert _ask("select place from places") == [(row,)]
    assert _ask("select distinct hook from hooks") == [("after places",)]
    assert not _ask("select 1 from information_schema.tables where table_name like '%__dbt%'")


def test_what_fails_leaves_the_old_relation(project: Path) -> None:
    assert _run(row=5)
    # The contract's check refuses the row after the old table has been dropped.
    assert not _run(row=11)
    assert _ask("select city from cities") == [(5,)]
    assert _kind("cities") == "BASE TABLE"
