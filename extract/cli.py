"""`python -m extract`: the command line of the extractors."""

from collections.abc import Sequence
from typing import Literal

import click

from extract.errors import ExtractError
from extract.progress import Reporter
from extract.runner import SOURCES, run_source
from extract.settings import load_settings, parse_folder
from extract.sources import Options, Summary

_EPILOG = """\b
Examples:
  python -m extract                        every source
  python -m extract marketplace --dry-run  say what would be read
  python -m extract marketplace --folder onbuy=../exports
  python -m extract rates
  python -m extract shopify --api bulk
"""


@click.command(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("source", type=click.Choice(["all", *SOURCES]), default="all")
@click.option(
    "--dry-run", is_flag=True, help="Check everything, say what would land, land nothing."
)
@click.option("--skip-unknown", is_flag=True, help="Leave out files whose header no layout knows.")
@click.option(
    "--folder",
    "folders",
    multiple=True,
    metavar="SUB_CHANNEL=PATH",
    help="Read a folder as that sub-channel. Repeatable; replaces MARKETPLACE_FOLDERS.",
)
@click.option(
    "--api",
    type=click.Choice(["auto", "pages", "bulk"]),
    default="auto",
    show_default=True,
    help="How to read a Shopify shop; auto takes bulk operations for many orders.",
)
@click.option(
    "--allow-partial",
    is_flag=True,
    help="Read a Shopify shop that shows its last 60 days only; the manifest says so.",
)
def command(
    source: str,
    dry_run: bool,
    skip_unknown: bool,
    folders: Sequence[str],
    api: Literal["auto", "pages", "bulk"],
    allow_partial: bool,
) -> None:
    """Extract SOURCE (default: all) into RAW_DIR, one committed run a source."""
    settings = load_settings()
    if folders:
        try:
            pairs = tuple(parse_folder(folder) for folder in folders)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--folder") from None
        settings = settings.model_copy(update={"marketplace_folders": pairs})
    options = Options(
        dry_run=dry_run, skip_unknown=skip_unknown, api=api, allow_partial=allow_partial
    )
    reporter = Reporter()
    for name in SOURCES if source == "all" else [source]:
        _tell(run_source(SOURCES[name], settings, reporter, options))


def _tell(summary: Summary) -> None:
    for line in summary.told:
        click.echo(f"{summary.source}: {line}")
    if summary.is_configured and summary.run_id:
        counts = ", ".join(f"{name} {rows:,}" for name, rows in summary.rows.items())
        click.echo(f"{summary.source}: run {summary.run_id}: {counts}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0 done, 1 refused, 2 usage, 130 Ctrl-C."""
    try:
        command.main(args=arguments, prog_name="python -m extract", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ExtractError as error:
        click.echo(f"error: {error}", err=True)
        return 1
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted: nothing of the unfinished run was kept", err=True)
        return 130
    return 0
