"""Runs extraction, dbt and publishing as a person would, each run in folders of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from extract.settings import Settings

PROJECT = Path(__file__).parents[2]
SHARED_DATA = Path(os.environ.get("SHARED_DATA_DIR", PROJECT.parent / "shared" / "data"))

# Models only: the same models are tested by dbt itself wherever a whole build runs.
ONLY_MODELS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class Warehouse:
    """A company's folders below `home`, and how to run and ask it."""

    home: Path
    folders: str
    as_of: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Every setting, empty unless given: a developer's own `.env` fills nothing in."""
        return {
            **os.environ,
            **{name.upper(): "" for name in Settings.model_fields},
            "MARKETPLACE_FOLDERS": self.folders,
            "RAW_DIR": str(self.home / "raw"),
            "BUILD_DATABASE": str(self.home / "build.duckdb"),
            "WAREHOUSE_DIR": str(self.home / "warehouse"),
            "AS_OF": self.as_of,
            **self.settings,
        }

    def call(self, *arguments: str) -> str:
        """Run `python -m ...` and return what it printed; a failure shows all of it."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def build_models(self) -> None:
        """Build seeds and models without their tests, in an artifact folder of its own."""
        target = ("--target-path", str(self.home / "target"))
        self.call("serve", "dbt", "build", *ONLY_MODELS, *target)

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Answer a query over the published marts, or over the build file before there are any."""
        published = self.home / "warehouse" / "marts.duckdb"
        path = published if published.is_file() else self.home / "build.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(query, list(parameters)).fetchall()

    def one(self, query: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
        """Answer a query that has exactly one row."""
        rows = self.ask(query, parameters)
        assert len(rows) == 1, f"{len(rows)} rows for {query}"
        return rows[0]

    def marts(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every mart, sorted, to be compared with another build's."""
        names = [name for (name,) in self.ask(_MARTS)]
        return {name: self.ask(f'select * from main."{name}" order by all') for name in names}


_MARTS = """
select table_name from information_schema.tables
where table_schema = 'main' and table_name != 'publication' order by table_name
"""


def folders_of(drop_folder: Path) -> str:
    """Name every sub-channel's folder as MARKETPLACE_FOLDERS does."""
    return ",".join(
        f"{folder.name}={folder}" for folder in sorted(drop_folder.iterdir()) if folder.is_dir()
    )


def money(totals: Mapping[str, Any], name: str) -> Decimal:
    """Read an amount of the demo company's expected totals."""
    return Decimal(totals[name])
