"""A dbt project of a few files, to try single macros and tests of the real one in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner

from serve.build import close_database

_NAMED = """\
name: small
version: 0.1.0
profile: small
flags: {send_anonymous_usage_stats: false}
"""
_PROFILE = """\
small:
  target: dev
  outputs:
    dev: {type: duckdb, path: small.duckdb, schema: main, threads: 1, disable_transactions: %s}
"""


@dataclass(frozen=True)
class SmallProject:
    """The folder of the project, which is the current one."""

    home: Path
    # Whether dbt opens a transaction around each node; the real profile says no.
    with_transactions: bool = False

    def write(self, files: Mapping[str, str]) -> None:
        """Write the project with these files, each by its path."""
        profile = _PROFILE % str(not self.with_transactions).lower()
        for name, text in {"dbt_project.yml": _NAMED, "profiles.yml": profile, **files}.items():
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def dbt(self, *arguments: str, **variables: Any) -> RunExecutionResult:
        """Run a dbt command; what it came to may be a failure."""
        words = ", ".join(f"{name}: {value}" for name, value in variables.items())
        try:
            done = dbtRunner().invoke([*arguments, "--log-level", "none", "--vars", f"{{{words}}}"])
        finally:
            close_database()
        assert isinstance(done.result, RunExecutionResult), done.exception
        return done.result

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the built file."""
        with duckdb.connect(str(self.home / "small.duckdb"), read_only=True) as connection:
            return connection.execute(question).fetchall()
