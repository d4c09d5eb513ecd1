"""Runs the fraud models with other parameters, in a scratch build file."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from serve.errors import ServeError, one_line
from serve.files import shown
from serve.workspace import Workspace

# What changes with the parameters; everything above it stays as it was built.
FRAUD_MODELS = (
    "int_fraud__orders",
    "int_fraud__customers",
    "int_fraud__persons",
    "fraud_customers",
    "fraud_candidates",
)
EVERYTHING = ("+fraud_customers", "+fraud_candidates", "+user_contacts")


def run_models(workspace: Workspace, select: Sequence[str], variables: Mapping[str, Any]) -> None:
    """Run seeds and models of dbt on the database and raw folder of this workspace, no tests.

    A process of its own, so that nothing but the report reaches stdout and the file is free
    afterwards. Errors: ServeError with the line that dbt gives as the cause.
    """
    target = workspace.project_dir / "target" / "fraud-report"
    project = str(workspace.project_dir)
    arguments = [sys.executable, "-m", "dbt.cli.main", "build", "--select", *select]
    arguments += ["--exclude-resource-type", "test", "unit_test"]
    arguments += ["--project-dir", project, "--profiles-dir", project]
    arguments += ["--target-path", str(target), "--log-path", str(workspace.log_dir)]
    arguments += ["--vars", json.dumps(dict(variables)), "--no-use-colors"]
    with workspace.environment():
        done = subprocess.run(
            arguments,
            cwd=workspace.project_dir,
            env=os.environ.copy(),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        log = shown(workspace.log_dir / "dbt.log")
        raise ServeError(f"the models of the report failed, see {log}", [_cause(done.stdout)])


def _cause(output: str) -> str:
    lines = [line for line in output.splitlines() if "Error" in line]
    return one_line(lines[0] if lines else "dbt gave no reason")


def scratch_of(folder: Path, workspace: Workspace) -> Workspace:
    """Return the workspace with raw folder and build file in a scratch folder."""
    # Views name the catalog, which is the name of the file: a copy keeps it.
    raw_dir, database = folder / "raw", folder / workspace.build_database.name
    settings = workspace.settings.model_copy(
        update={"raw_dir": raw_dir, "build_database": database}
    )
    return replace(workspace, settings=settings, raw_dir=raw_dir, build_database=database)
