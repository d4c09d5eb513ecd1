"""Relations written in place: rebuilt, turned from one kind into the other, whole or as before."""

from pathlib import Path

import pytest
from small_project import SmallProject
from warehouse_run import PROJECT

MACROS = "macros/engine/materializations.sql"
PLACES = """\
{{ config(materialized=var('kind', 'table'),
    pre_hook="create table if not exists hooks (hook text)",
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


# Both ways of a profile: this project's own, and dbt opening a transaction around each node.
@pytest.fixture(params=[False, True], ids=["own-transactions", "transactions-of-dbt"])
def project(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SmallProject:
    small = SmallProject(tmp_path, with_transactions=request.param)
    small.write(
        {
            "macros/materializations.sql": (PROJECT / MACROS).read_text(encoding="utf-8"),
            "models/places.sql": PLACES,
            "models/cities.sql": "select {{ var('row') }} as city",
            "models/cities.yml": CONTRACT,
        }
    )
    monkeypatch.chdir(tmp_path)
    return small


def _kind(project: SmallProject, name: str) -> str:
    ((kind,),) = project.ask(
        f"select table_type from information_schema.tables where table_name = '{name}'"
    )
    return str(kind)


def _run(project: SmallProject, **variables: object) -> list[str]:
    return sorted(str(result.status) for result in project.dbt("run", **variables))


def test_a_relation_is_rebuilt_and_changes_its_kind(project: SmallProject) -> None:
    for row, kind in enumerate(["table", "table", "view", "view", "table"]):
        assert _run(project, kind=kind, row=row) == ["success", "success"]
        assert _kind(project, "places") == {"table": "BASE TABLE", "view": "VIEW"}[kind]
        assert project.ask("select place from places") == [(row,)]
    assert project.ask("select distinct hook from hooks") == [("after places",)]
    assert not project.ask(
        "select 1 from information_schema.tables where table_name like '%__dbt%'"
    )


def test_what_fails_leaves_the_old_relation(project: SmallProject) -> None:
    assert _run(project, row=5) == ["success", "success"]
    # The contract's check refuses the row after the old table has been dropped.
    assert _run(project, row=11) == ["error", "success"]
    assert project.ask("select city from cities") == [(5,)]
    assert _kind(project, "cities") == "BASE TABLE"
