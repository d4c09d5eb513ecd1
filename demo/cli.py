"""`python -m demo`: the command line of the demo company."""

import threading
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from demo.api import DEFAULT_LINES, DEFAULT_SEED, Outcome, Progress, truth, write_marketplace
from demo.company import FIRST_DAY, LAST_DAY, MARKETPLACES, Company
from demo.company.stories import MIN_LINES
from demo.errors import DemoError
from demo.folder import check_free
from demo.metabase.cli import metabase_command
from demo.reports.plan import MONTHS, reports_of
from demo.shopify.cli import shopify_command

_EPILOG = """\b
Examples:
  python -m demo files --out data/demo/marketplace
  python -m demo files --out /tmp/big --lines 5000000 --seed 7
  python -m demo files --out data/demo/marketplace --dry-run
  python -m demo truth --out data/demo/truth
  python -m demo metabase --port 3000
  python -m demo shopify --port 8081
"""
_SETTINGS = {"help_option_names": ["-h", "--help"]}

_out = click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder to write. It must be new, empty, or made by this command before.",
)
_lines = click.option(
    "--lines",
    type=click.IntRange(min=MIN_LINES, max=200_000_000),
    default=DEFAULT_LINES,
    show_default=True,
    help="Order lines over the seven marketplaces, about.",
)
_seed = click.option(
    "--seed",
    type=int,
    default=DEFAULT_SEED,
    show_default=True,
    help="Same seed and size, same bytes.",
)
_no_stories = click.option(
    "--no-stories", is_flag=True, help="Plant nothing: no product, customer or channel stands out."
)


@click.group(epilog=_EPILOG, context_settings=_SETTINGS)
def command() -> None:
    """Write a made-up company that sells on seven marketplaces."""


command.add_command(metabase_command)
command.add_command(shopify_command)


@command.command("files", epilog=_EPILOG, context_settings=_SETTINGS)
@_out
@_lines
@_seed
@_no_stories
@click.option("--dry-run", is_flag=True, help="Say what would be written, write nothing.")
def files_command(out: Path, lines: int, seed: int, no_stories: bool, dry_run: bool) -> None:
    """Write the drop folder: one subfolder a marketplace, one file a report and month."""
    if dry_run:
        _say_plan(out, lines, seed, no_stories)
        return
    with _Shown("demo files") as progress:
        outcome = write_marketplace(out, lines, seed, progress, with_stories=not no_stories)
    _say(outcome, "files")


@command.command("truth", epilog=_EPILOG, context_settings=_SETTINGS)
@_out
@_lines
@_seed
@_no_stories
def truth_command(out: Path, lines: int, seed: int, no_stories: bool) -> None:
    """Write what a warehouse must find: Parquet of all channels, and expected.json."""
    with _Shown("demo truth") as progress:
        outcome = truth(out, lines, seed, progress, with_stories=not no_stories)
    _say(outcome, "truth of the files")


def _say(outcome: Outcome, what: str) -> None:
    done = "wrote" if outcome.is_new else "nothing to do, already there:"
    click.echo(
        f"demo: {done} {len(outcome.files)} {what}, {outcome.rows:,} rows, in {outcome.folder}"
    )


def _say_plan(out: Path, lines: int, seed: int, no_stories: bool) -> None:
    check_free(out)
    with Company(lines, seed, with_stories=not no_stories) as company:
        click.echo(f"demo: would write {out}, seed {seed}, {FIRST_DAY} to {LAST_DAY}")
        for one in MARKETPLACES:
            reports = reports_of(one.code)
            click.echo(
                f"demo: {one.code}: {company.orders[one.code]:,} drawn orders, "
                f"up to {len(reports) * len(MONTHS)} files ({', '.join(r.stem for r in reports)})"
            )


class _Shown(Progress):
    """A bar on a terminal, one line elsewhere; both on stderr."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task(label, total=None)
        self._lock = threading.Lock()

    def __enter__(self) -> "_Shown":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def start(self, orders: int) -> None:
        if not self._console.is_terminal:
            self._console.print(f"{self._label}: {orders:,} orders to draw")
        self._bar.update(self._task, total=orders)

    def advance(self, orders: int) -> None:
        with self._lock:
            self._bar.advance(self._task, orders)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0 done, 1 refused, 2 usage, 130 Ctrl-C."""
    try:
        command.main(args=arguments, prog_name="python -m demo", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (DemoError, OSError) as error:
        click.echo(f"error: {error}", err=True)
        return 1
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted: nothing of the unfinished folder was kept", err=True)
        return 130
    return 0
