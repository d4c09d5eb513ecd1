"""Every model, seed and column of the built project is described, and each table says its grain."""

import json
from typing import Any

import duckdb
import pytest
from warehouse_run import Warehouse


@pytest.fixture(scope="module")
def manifest(demo_company: Warehouse) -> dict[str, Any]:
    path = demo_company.home / "build.dbt" / "manifest.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _relations(manifest: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (node["schema"], node["name"]): node
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }


def test_every_column_is_described(demo_company: Warehouse, manifest: dict[str, Any]) -> None:
    relations = _relations(manifest)
    with duckdb.connect(str(demo_company.home / "build.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
        ).fetchall()
    assert columns
    silent = [
        f"{table}.{column}"
        for schema, table, column in columns
        if (node := relations.get((schema, table)))
        and not node["columns"].get(column, {}).get("description", "").strip()
    ]
    assert silent == []


def test_every_relation_says_its_grain(manifest: dict[str, Any]) -> None:
    described = {
        **{node["name"]: node["description"] for node in _relations(manifest).values()},
        **{f"source {node['name']}": node["description"] for node in manifest["sources"].values()},
    }
    assert [name for name, text in described.items() if "**Grain:**" not in text] == []


def test_no_column_is_described_that_does_not_exist(
    demo_company: Warehouse, manifest: dict[str, Any]
) -> None:
    with duckdb.connect(str(demo_company.home / "build.duckdb"), read_only=True) as connection:
        built = set(
            connection.execute(
                "select table_schema, table_name, column_name from information_schema.columns"
            ).fetchall()
        )
    ghosts = [
        f"{name}.{column}"
        for (schema, name), node in _relations(manifest).items()
        for column in node["columns"]
        if (schema, name, column) not in built
    ]
    assert ghosts == []
