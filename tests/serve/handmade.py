"""Small build databases with the dbt artifacts that belong to them, made by hand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from extract.settings import Settings
from serve.record import BuildRecord, SourceState, fingerprint, keep
from serve.workspace import Workspace

AS_OF = datetime(2026, 10, 31, tzinfo=UTC)

MARTS = {
    "orders": (
        "core",
        "select 'shop:' || range as order_key, 'shop' as channel, range % 7 as units_sold, "
        "cast(range * 1.25 as decimal(18, 4)) as sales_usd from range(2000)",
    ),
    "products": ("core", "select 'P' || range as product_key, 'Kettle' as product_name "
                 "from range(50)"),
    "user_contacts": (
        "restricted",
        "select 'U1' as user_key, 'A Name' as name, 'someone@example.com' as email, '1' as phone",
    ),
}  # fmt: skip


def make_workspace(folder: Path, *, is_demo: bool = False) -> Workspace:
    """Make a workspace whose every place lies under `folder`."""
    return Workspace(
        settings=Settings(_env_file=None, raw_dir=folder / "raw"),  # type: ignore[call-arg]
        is_demo=is_demo,
        sources=() if is_demo else ("marketplace",),
        project_dir=folder,
        raw_dir=folder / "raw",
        build_database=folder / "build" / "build.duckdb",
        warehouse_dir=folder / "warehouse",
        marketplace_dir=None,
        as_of=AS_OF,
    )


def node(name: str, folder: str, **more: Any) -> dict[str, Any]:
    """Return a model of the manifest, as dbt writes it."""
    made: dict[str, Any] = {
        "resource_type": "model",
        "name": name,
        "alias": name,
        "schema": "main",
        "access": "public",
        "original_file_path": f"models/marts/{folder}/{name}.sql",
        "description": f"The {name}, it's said.\n**Grain:** one row each.",
        "config": {"materialized": "table", "meta": {}},
        "columns": {},
    }
    return {**made, **more}


def make_build(
    workspace: Workspace,
    marts: Mapping[str, tuple[str, str]] = MARTS,
    *,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
    statuses: Mapping[str, str] | None = None,
    without_results: Sequence[str] = (),
    arguments: Mapping[str, Any] | None = None,
    record_changes: Mapping[str, Any] | None = None,
) -> None:
    """Build the database, dbt's artifacts and the record, as a successful build leaves them.

    `changes` alters manifest nodes and `statuses` results, both by name.
    """
    workspace.build_database.parent.mkdir(parents=True, exist_ok=True)
    workspace.build_database.unlink(missing_ok=True)
    with duckdb.connect(str(workspace.build_database)) as connection:
        for name, (_, sql) in marts.items():
            connection.execute(f"create table main.{name} as {sql}")
    nodes = {
        f"model.shop.{name}": {**node(name, folder), **(changes or {}).get(name, {})}
        for name, (folder, _) in marts.items()
    }
    nodes["test.shop.not_null"] = {
        **node("not_null", "core"),
        "resource_type": "test",
        "original_file_path": "models/marts/core/orders.yml",
        "relation_name": '"build"."test_failures"."not_null"',
    }
    metadata = {"invocation_id": "11111111", "dbt_version": "1.11.16"}
    results = [
        {
            "unique_id": unique_id,
            "status": (statuses or {}).get(
                made["name"], "pass" if made["resource_type"] == "test" else "success"
            ),
            "failures": 3 if made["name"] in (statuses or {}) else 0,
            "message": None,
            "relation_name": made.get("relation_name"),
        }
        for unique_id, made in nodes.items()
        if made["name"] not in without_results
    ]
    target = workspace.project_dir / "target"
    target.mkdir(exist_ok=True)
    (target / "manifest.json").write_text(
        json.dumps({"metadata": metadata, "nodes": nodes, "unit_tests": {}})
    )
    (target / "run_results.json").write_text(
        json.dumps({"metadata": metadata, "results": results, "args": dict(arguments or {})})
    )
    size, modified = fingerprint(workspace.build_database)
    record = BuildRecord(
        invocation_id="11111111",
        built_at=datetime(2026, 11, 1, tzinfo=UTC),
        as_of=AS_OF,
        is_demo=workspace.is_demo,
        dbt_version="1.11.16",
        duckdb_version=duckdb.__version__,
        git_commit=None,
        variables={},
        sources={"rates": SourceState(runs=1, latest_run="x", covered_until="2026-10-30")},
        warnings=[],
        database_bytes=size,
        database_modified_ns=modified,
    )
    keep(workspace.build_record_dir, target, record.model_copy(update=dict(record_changes or {})))


def as_demo(workspace: Workspace) -> Workspace:
    """Return the same places for the made-up company."""
    return replace(workspace, is_demo=True, sources=())


def ask(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask a published file as a reader does: read-only, from a connection of its own."""
    connection = duckdb.connect()
    try:
        connection.execute(f"attach '{database}' as published (read_only)")
        connection.execute("use published")
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
