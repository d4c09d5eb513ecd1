"""Builds and tests the warehouse: `dbt build` in this process, its own log in `logs/` only."""

import gc
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from extract.manifest import read_manifests
from extract.runner import SOURCES
from serve.artifacts import INNER, Build, Outcome, load_build
from serve.errors import ServeError, one_line
from serve.files import PRIVATE_UMASK, exclusive, shown, umask
from serve.progress import StepProgress, StepWatcher
from serve.record import BuildRecord, SourceState, fingerprint, keep, withdraw
from serve.workspace import Workspace, environment, in_utc, moment_text

_TAKES_AS_OF = frozenset(
    {"build", "compile", "docs", "list", "ls", "parse", "run", "seed", "show", "source", "test"}
)
_GIVE_WAY_SECONDS = 0.0005
_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


@dataclass(frozen=True)
class BuildReport:
    """What a successful build consisted of."""

    record: BuildRecord
    models: int
    tests: int


def build(
    workspace: Workspace,
    variables: Mapping[str, Any] | None = None,
    console: Console | None = None,
    project: Any = None,
) -> BuildReport:
    """Run every seed, model and test of the dbt project against the landed files, in a fresh file.

    The database is made for its owner only, because it holds personal data until the marts.
    `project` is dbt's manifest, where it was read already; without it the project is read first.
    Errors: ServeError with one line per failed model or test; the previous build is then void,
    while whatever was published stays as it is.
    """
    console = console or Console(stderr=True)
    database = workspace.build_database
    sources = landed_sources(workspace.raw_dir)
    target_dir = workspace.project_dir / "target"
    # The folder itself is for everybody: the published files may stand in it too.
    database.parent.mkdir(parents=True, exist_ok=True)
    target_dir.mkdir(exist_ok=True)
    with (
        umask(PRIVATE_UMASK),
        workspace.environment(),
        exclusive(target_dir / ".build.lock", "building"),
    ):
        check_database(database)
        withdraw(workspace.build_record_dir)
        # A fresh file: dbt only truncates the table of a seed whose columns changed and then fails,
        # and rebuilt tables would make an old file grow without end.
        for old in (database, database.with_name(f"{database.name}.wal")):
            old.unlink(missing_ok=True)
        with StepProgress(console) as progress:
            started_at = _run_dbt(workspace, target_dir, variables, progress, project)
        result = load_build(target_dir)
        if problem := result.why_incomplete():
            raise ServeError(f"dbt reported success, but {problem}; run `make build` again")
        database.chmod(0o600)
        given = _variables(workspace, variables)
        record = _record(workspace, result, sources, given, started_at)
        keep(workspace.build_record_dir, target_dir, record)
    kinds = [outcome.kind for outcome in result.outcomes]
    return BuildReport(record, kinds.count("model"), kinds.count("test") + kinds.count("unit test"))


def dbt_arguments(
    workspace: Workspace,
    variables: Mapping[str, Any] | None,
    *,
    target_dir: Path,
    log_dir: Path,
) -> list[str]:
    """Return the options that any dbt command on the whole project shares with the build."""
    project = str(workspace.project_dir)
    arguments = ["--project-dir", project, "--profiles-dir", project]
    arguments += ["--target-path", str(target_dir), "--log-path", str(log_dir)]
    arguments += ["--log-level", "none", "--log-level-file", "info", "--no-print"]
    return [
        *arguments,
        "--no-use-colors-file",
        "--vars",
        json.dumps(_variables(workspace, variables)),
    ]


def _variables(workspace: Workspace, variables: Mapping[str, Any] | None) -> dict[str, Any]:
    given = dict(variables or {})
    if workspace.as_of:
        given["as_of"] = moment_text(workspace.as_of)
    return given


def close_database() -> None:
    """Close the file that dbt keeps open in this process; publishing attaches it read-only."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager.close_all_connections()


def run_dbt_command(workspace: Workspace, arguments: Sequence[str]) -> None:
    """Run a dbt command with its own output, on the database and the raw folder of the workspace.

    Errors: ServeError when it fails. A command that writes to the build database makes the build
    unpublishable until `make build` has tested it again.
    """
    from dbt.cli.main import dbtRunner

    project = str(workspace.project_dir)
    places = {"DBT_PROJECT_DIR": project, "DBT_PROFILES_DIR": project}
    given = list(arguments)
    takes_variables = bool(_TAKES_AS_OF.intersection(given[:1])) and "--vars" not in given
    if workspace.as_of and takes_variables:
        given += ["--vars", json.dumps({"as_of": moment_text(workspace.as_of)})]
    with umask(PRIVATE_UMASK), workspace.environment(), environment(places):
        workspace.build_database.parent.mkdir(parents=True, exist_ok=True)
        result = dbtRunner().invoke(given)
    if isinstance(result.exception, KeyboardInterrupt):
        raise KeyboardInterrupt
    if not result.success:
        # dbt has already said why, unless it did not come so far.
        cause = f": {one_line(str(result.exception))}" if result.exception else ""
        raise ServeError(f"dbt {' '.join(arguments)} failed{cause}")


def landed_sources(raw_dir: Path) -> dict[str, SourceState]:
    """Say what has landed of each source.

    Errors: ServeError when a source has no run at all, not even the empty one, for dbt could only
    answer with a missing file.
    """
    states = {}
    for name in SOURCES:
        manifests = read_manifests(raw_dir / name)
        if not manifests:
            raise ServeError(f"nothing of source {name} is in {shown(raw_dir)}; run `make extract`")
        runs = [manifest for manifest in manifests if not manifest.is_empty_run]
        ends = [run.window_covered.until for run in runs if run.window_covered]
        states[name] = SourceState(
            runs=len(runs),
            latest_run=runs[-1].run_id if runs else None,
            covered_until=max((end for end in ends if end), default=None),
        )
    return states


def check_database(database: Path) -> None:
    """Open the build file for writing and close it again.

    Errors: ServeError that names who holds it, or that it can't be read by this DuckDB.
    """
    if not database.exists():
        return
    try:
        duckdb.connect(str(database)).close()
    except duckdb.Error as error:
        name, text = shown(database), str(error)
        if holder := _HOLDER.search(text):
            raise ServeError(
                f"{name} is open in process {holder['pid']} ({Path(holder['program']).name}); "
                "close it there and try again (readers should open the published marts instead)"
            ) from None
        if "lock" in text.lower() or "handle conflict" in text:
            raise ServeError(f"{name} is open elsewhere; close it there and try again") from None
        raise ServeError(
            f"DuckDB {duckdb.__version__} can't open {name}, it is damaged or of a newer version; "
            f"delete it and build again, nothing is lost ({one_line(text)})"
        ) from None


def git_commit(project_dir: Path) -> str | None:
    """Return the commit of the project, with `-dirty` if files differ from it; None without git."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude", "*"]
    try:
        done = subprocess.run(
            command, cwd=project_dir, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def _run_dbt(
    workspace: Workspace,
    target_dir: Path,
    variables: Mapping[str, Any] | None,
    progress: StepProgress,
    project: Any,
) -> datetime:
    """Run `dbt build`; return the moment that the project takes as now.

    Errors: ServeError with a line per failure, KeyboardInterrupt when a person stopped it.
    """
    # Imported here because dbt takes seconds to load.
    from dbt import tracking
    from dbt.cli.main import dbtRunner

    watcher, called_at = StepWatcher(progress), datetime.now(UTC)
    # What proves the code belongs to `make test`; a build proves the data that it publishes.
    arguments = ["build", "--exclude-resource-type", "unit_test", "--exclude", f"tag:{INNER}"]
    places = {"target_dir": target_dir, "log_dir": workspace.log_dir}
    arguments += dbt_arguments(workspace, variables, **places)
    # dbt's manifest is millions of objects that live to the end: looking through them again and
    # again for garbage is a tenth of the whole build. Another tenth is what a finished query waits
    # until the other thread, busy with the next node, gives way.
    gc.disable()
    give_way = sys.getswitchinterval()
    sys.setswitchinterval(_GIVE_WAY_SECONDS)
    try:
        restamp: list[Callable[[Any], None]] = [_Restamp(project)] if project else []
        result = dbtRunner(project, [watcher, *restamp]).invoke(arguments)
        user = tracking.active_user
    finally:
        gc.enable()
        sys.setswitchinterval(give_way)
        close_database()
    if isinstance(result.exception, KeyboardInterrupt):
        raise KeyboardInterrupt
    if not result.success:
        raise _failure(workspace, target_dir, result, watcher)
    # The project cuts its own now to whole seconds.
    return in_utc(user.run_started_at if user else called_at).replace(microsecond=0)


class _Restamp:
    """A dbt callback: writes into a manifest that was read before which command it serves now."""

    def __init__(self, project: Any) -> None:
        self._metadata = project.metadata

    def __call__(self, event: Any) -> None:
        self._metadata.invocation_id = event.info.invocation_id


def _record(
    workspace: Workspace,
    result: Build,
    sources: dict[str, SourceState],
    variables: dict[str, Any],
    started_at: datetime,
) -> BuildRecord:
    size, modified = fingerprint(workspace.build_database)
    return BuildRecord(
        invocation_id=result.invocation_id,
        built_at=datetime.now(UTC),
        as_of=workspace.as_of or started_at,
        is_demo=workspace.is_demo,
        dbt_version=version("dbt-core"),
        duckdb_version=duckdb.__version__,
        git_commit=git_commit(workspace.project_dir),
        variables=variables,
        sources=sources,
        warnings=[outcome.line() for outcome in result.warnings],
        database_bytes=size,
        database_modified_ns=modified,
    )


def _failure(
    workspace: Workspace, target_dir: Path, result: Any, watcher: StepWatcher
) -> ServeError:
    log = shown(workspace.log_dir / "dbt.log")
    if not hasattr(result.result, "results"):
        cause = result.exception or "dbt gave no reason"
        return ServeError(
            f"dbt stopped before the build was done, see {log}", [one_line(str(cause))]
        )
    finished = load_build(target_dir)
    failed, skipped = _failures(finished)
    lines = [outcome.line() for outcome in failed]
    lines += [f"warning: {outcome.line()}" for outcome in finished.warnings]
    after = f", {skipped:,} steps were skipped because of them" if skipped else ""
    kept = shown(workspace.build_database)
    return ServeError(
        f"{len(failed):,} of {watcher.total or len(finished.expected):,} steps of the build "
        f"failed{after}; failed rows are in {kept}, the log is {log}",
        lines,
    )


def _failures(finished: Build) -> tuple[list[Outcome], int]:
    """Return the steps that failed by themselves, models first, and how many were skipped."""
    not_passed = [outcome for outcome in finished.outcomes if not outcome.has_passed]
    failed = [outcome for outcome in not_passed if outcome.status != "skipped"]
    failed.sort(key=lambda outcome: (outcome.kind != "model", outcome.kind, outcome.name))
    return failed, len(not_passed) - len(failed)
