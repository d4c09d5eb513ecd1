"""`python -m serve`: run, build, publish, summary, resolve."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from serve.dashboard.cli import dashboard, dashboard_static
from serve.decisions.cli import resolve
from serve.fraud.command import fraud_report

_HELP = {"help_option_names": ["-h", "--help"]}
_RUN_EXAMPLES = """\b
Examples:
  python -m serve run                                   everything, or the demo company
  python -m serve run --dry-run                         say what would be done
  python -m serve run --as-of 2026-10-31                as if it were that day
  python -m serve run --vars '{min_product_units: 5}'   with another threshold
"""

_as_of = click.option(
    "--as-of",
    metavar="MOMENT",
    help="Moment that relative dates hang on, ISO 8601, UTC unless it says otherwise. "
    "Default: AS_OF, else now.",
)
_vars = click.option(
    "--vars",
    "variables",
    metavar="YAML",
    help="dbt variables for this build, as in '{min_product_units: 5}'.",
)
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing.")
_force = click.option("--force", is_flag=True, help="Let demo data replace published real data.")


@click.group(context_settings=_HELP)
def cli() -> None:
    """Build, test and publish the refund warehouse.

    Configuration comes from .env or the environment. With no source configured, a made-up demo
    company is used, in folders of its own.
    """


@cli.command(epilog=_RUN_EXAMPLES, context_settings=_HELP)
@_as_of
@_vars
@_dry_run
@_force
def run(as_of: str | None, variables: str | None, dry_run: bool, force: bool) -> None:
    """Extract, build, test, publish and sum up."""
    from serve import pipeline

    workspace, given = _open(as_of, variables)
    if dry_run:
        _say(pipeline.plan(workspace))
        return
    pipeline.run(workspace, given, force=force)


@cli.command(context_settings=_HELP)
@_as_of
@_vars
@_dry_run
def build(as_of: str | None, variables: str | None, dry_run: bool) -> None:
    """Run dbt on what has landed: every seed, model and test."""
    from serve import pipeline
    from serve.files import shown

    workspace, given = _open(as_of, variables)
    if dry_run:
        from serve.build import landed_sources

        states = landed_sources(workspace.raw_dir).items()
        _say(
            f"{name}: {state.runs:,} runs, latest {state.latest_run or '-'}"
            for name, state in states
        )
        _say([f"would build {shown(workspace.build_database)}"])
        return
    console = _progress_console()
    pipeline.build_step(workspace, given, _steps(console), console)


@cli.command(context_settings=_HELP)
@_dry_run
@_force
def publish(dry_run: bool, force: bool) -> None:
    """Copy the marts of the last tested build to where people read them."""
    from serve import pipeline

    workspace, _ = _open(None, None)
    if dry_run:
        from serve.publish import check

        _say(check(workspace, force=force))
        return
    console = _progress_console()
    pipeline.publish_step(workspace, _steps(console), console, force=force)


@cli.command(context_settings=_HELP)
def summary() -> None:
    """Print what is published: rows, KPIs, top products and reasons, warnings."""
    from serve.summary import print_summary

    workspace, _ = _open(None, None)
    print_summary(workspace.warehouse_dir)


@cli.command(
    "dbt",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def dbt_command(arguments: Sequence[str]) -> None:
    """Run any dbt command on this project's build database, as in `dbt docs generate`."""
    from serve.build import run_dbt_command

    workspace, _ = _open(None, None)
    run_dbt_command(workspace, arguments)


cli.add_command(resolve)
cli.add_command(dashboard)
cli.add_command(dashboard_static)
cli.add_command(dashboard)
cli.add_command(dashboard_static)
cli.add_command(fraud_report)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 done, 1 failed, 2 bad option or setting, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # Product names may hold any script; a terminal that can't show one shows a question mark.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    try:
        cli.main(args=arguments, prog_name="python -m serve", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted: what was published before still stands", err=True)
        return 130
    except Exception as error:  # noqa: BLE001 - anything unexpected is raised again by _told
        return _told(error)
    return 0


def _told(error: Exception) -> int:
    """Tell an expected fault in one line and return its exit code; raise what is a bug."""
    import duckdb

    from demo import DemoError
    from extract.errors import ExtractError
    from serve.errors import ServeError, one_line

    if isinstance(error, ServeError):
        for line in error.details:
            click.echo(f"  {line}", err=True)
        text, code = str(error), error.exit_code
    elif isinstance(error, ExtractError | DemoError):
        text, code = str(error), 1
    elif isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        text, code = f"{where}{error.strerror or error}", 1
    elif isinstance(error, duckdb.Error):
        text, code = one_line(f"DuckDB: {error}"), 1
    else:
        raise error
    click.echo(f"error: {text}", err=True)
    return code


def _open(as_of: str | None, variables: str | None) -> tuple[Any, dict[str, Any]]:
    from serve.workspace import open_workspace

    given = _parse(variables) if variables else {}
    # A moment among the variables is the same wish as --as-of.
    moment = given.pop("as_of", None)
    return open_workspace(as_of or (str(moment) if moment else None)), given


def _parse(text: str) -> dict[str, Any]:
    import yaml

    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(name, str) for name in given):
        raise click.BadParameter(
            "write it as YAML names and values, as in '{min_product_units: 5}'",
            param_hint="--vars",
        )
    from extract.settings import PROJECT_DIR

    known = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    for name in given:
        if name not in known:
            # dbt would take it without a word and build with the value in the file.
            raise click.BadParameter(
                f"there is no variable {name!r}; dbt_project.yml has {', '.join(sorted(known))}",
                param_hint="--vars",
            )
    return given


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _progress_console() -> Any:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _steps(console: Any) -> Any:
    from serve.progress import Steps

    return Steps(console, total=1)
