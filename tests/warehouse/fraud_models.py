"""Builds the fraud models with other parameters, many times over, from one parse of the project."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner
from warehouse_run import PROJECT

from serve.build import close_database
from serve.fraud.models import FRAUD_MODELS
from serve.workspace import environment

_QUIET = ("--log-level", "none", "--log-level-file", "none", "--no-print", "--quiet")


@dataclass(frozen=True)
class FraudModels:
    """A build file that may be written to, and the parsed project."""

    database: Path
    as_of: str
    target: Path
    manifest: Any

    def run(self, variables: Mapping[str, Any]) -> None:
        """Build the models of the report with these variables in place of the project's."""
        given = json.dumps({"as_of": self.as_of, "store": "all", **variables})
        arguments = ["run", "--select", *FRAUD_MODELS, "--vars", given]
        _invoke([*arguments, *_places(self.target)], self.database, self.manifest)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Answer a query over the build file."""
        with duckdb.connect(str(self.database)) as connection:
            return connection.execute(query).fetchall()

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Change the tables that the models read."""
        with duckdb.connect(str(self.database)) as connection:
            yield connection


def parsed(database: Path, as_of: str, target: Path) -> FraudModels:
    """Parse the project once."""
    given = json.dumps({"as_of": as_of, "store": "all"})
    manifest = _invoke(["parse", "--vars", given, *_places(target)], database, None)
    return FraudModels(database, as_of, target, manifest)


def _places(target: Path) -> tuple[str, ...]:
    project = str(PROJECT)
    return (
        *("--project-dir", project, "--profiles-dir", project),
        *("--target-path", str(target), "--log-path", str(target), *_QUIET),
    )


def _invoke(arguments: list[str], database: Path, manifest: Any) -> Any:
    places = {"BUILD_DATABASE": str(database), "RAW_DIR": str(database.parent / "raw")}
    with environment({**places, "DBT_PROJECT_DIR": str(PROJECT), "HASH_SALT": ""}):
        try:
            result = dbtRunner(manifest=manifest).invoke(arguments)
        finally:
            close_database()
    assert result.success, result.exception or result.result
    return result.result
