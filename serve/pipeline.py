"""From configured sources (or the demo company) to published marts, step by step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console

from extract.settings import Settings
from serve.files import shown
from serve.progress import Steps
from serve.workspace import Workspace

if TYPE_CHECKING:
    from serve.dbt_process import DbtProcess


def run(
    workspace: Workspace,
    variables: Mapping[str, Any] | None = None,
    *,
    force: bool = False,
    console: Console | None = None,
) -> None:
    """Extract, build, test, publish and sum up; every step tells what it did and how long it took.

    Errors: ExtractError or ServeError; what was published before then still stands.
    """
    # Imported here because they load dbt and Arrow, which `--help` does not need.
    from serve.dbt_process import dbt_process
    from serve.publish import refuse_demo_over_real
    from serve.summary import print_summary

    # Before minutes of work that could not be published.
    refuse_demo_over_real(workspace, force=force)
    console = console or Console(stderr=True, highlight=False)
    steps = Steps(console, total=5 if workspace.is_demo else 4)
    with dbt_process(workspace, variables) as dbt:
        if workspace.is_demo:
            with steps.step("demo company (no source is configured)") as note:
                from serve.demo_company import write_demo

                note.say(write_demo(workspace, console))
        extract_step(workspace, steps, console)
        build_step(workspace, variables, steps, console, dbt)
    publish_step(workspace, steps, console, force=force)
    pages_step(workspace, steps)
    console.print(f"done in {steps.seconds:.0f} s", markup=False)
    print_summary(workspace.warehouse_dir)


def extract_step(workspace: Workspace, steps: Steps, console: Console) -> None:
    """Land what is new of every source; the sources say how many rows were rejected."""
    from extract.progress import Reporter
    from extract.runner import run_all

    with steps.step("extract") as note, _reachable_sources(workspace) as settings:
        for summary in run_all(settings, Reporter(console)):
            for line in summary.told:
                note.say(f"{summary.source}: {line}")


@contextmanager
def _reachable_sources(workspace: Workspace) -> Iterator[Settings]:
    """Yield the settings of the configured sources, or of the demo's own servers."""
    if not workspace.is_demo:
        yield workspace.settings
        return
    from serve.demo_company import demo_servers

    with demo_servers(workspace) as settings:
        yield settings


def build_step(
    workspace: Workspace,
    variables: Mapping[str, Any] | None,
    steps: Steps,
    console: Console,
    dbt: "DbtProcess | None" = None,
) -> None:
    """Build and test; the warnings of tests are listed."""
    from serve.build import build

    with steps.step(f"build and test {shown(workspace.build_database)}") as note:
        report = dbt.build() if dbt else build(workspace, variables, console)
        for warning in report.record.warnings:
            note.say(f"warning: {warning}")
        note.say(f"{report.models:,} models built, {report.tests:,} tests passed")


def publish_step(workspace: Workspace, steps: Steps, console: Console, *, force: bool) -> None:
    """Publish and say how much."""
    from serve.publish import publish

    with steps.step(f"publish to {shown(workspace.warehouse_dir)}") as note:
        report = publish(workspace, force=force, console=console)
        if report.recovered:
            note.say(f"finished publication {report.recovered}, which had been interrupted")
        rows = sum(report.rows.values())
        note.say(f"{len(report.rows)} marts, {rows:,} rows: {report.publication.publication_id}")


def pages_step(workspace: Workspace, steps: Steps) -> None:
    """Write the read-only views as HTML files."""
    from serve.dashboard.export import export

    with steps.step("pages") as note:
        note.say(f"open {shown(export(workspace.warehouse_dir))} in a browser")


def plan(workspace: Workspace) -> list[str]:
    """Say in lines what `run` would do, without doing any of it.

    Errors: ExtractError when the drop folder holds something that extraction would refuse.
    """
    from extract.progress import Reporter
    from extract.runner import SOURCES, run_source
    from extract.sources import Options

    as_of = f"{workspace.as_of:%Y-%m-%d %H:%M} UTC" if workspace.as_of else "now"
    what = "DEMO DATA: a made-up company" if workspace.is_demo else ", ".join(workspace.sources)
    lines = [
        f"data       {what}",
        f"as of      {as_of}",
        f"raw        {shown(workspace.raw_dir)}",
        f"build      {shown(workspace.build_database)}",
        f"publish    {shown(workspace.warehouse_dir)}",
    ]
    if workspace.is_demo:
        folder = workspace.marketplace_dir
        lines.append(f"would write the demo company's files to {shown(folder)}" if folder else "")
        return lines
    for source in SOURCES.values():
        told = run_source(source, workspace.settings, Reporter(quiet=True), Options(dry_run=True))
        lines += [f"{source.name}: {line}" for line in told.told]
    return lines
