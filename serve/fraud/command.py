"""`python -m serve fraud-report`: evaluates, writes the file, tells the outcome."""

from pathlib import Path
from typing import Any, Literal

import click

_EXAMPLES = """\b
Examples:
  python -m serve fraud-report                             the store, read live
  python -m serve fraud-report --from-warehouse            every channel, as landed and built
  python -m serve fraud-report --from-warehouse --store hewyn --min-orders 5
  python -m serve fraud-report --format json | jq .flagged_candidates
"""


def _share(context: click.Context, option: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value <= 1:
        raise click.BadParameter("write it as a share above 0 and up to 1, 0.4 for 40 %")
    return value


_whole = click.IntRange(min=1)


@click.command(
    "fraud-report", epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--store", help="Sub-channel, or all. Default: the store; all with --from-warehouse.")
@click.option("--days-back", type=click.IntRange(1, 3650), help="Orders of so many days.")
@click.option("--min-orders", type=_whole, help="Orders from which the rate says something.")
@click.option(
    "--return-rate-threshold", type=float, callback=_share, help="Share of orders with a return."
)
@click.option(
    "--wardrobing-window-days",
    type=click.IntRange(min=0),
    help="Whole orders asked back within so many days of delivery.",
)
@click.option("--serial-threshold", type=_whole, help="Returns of a serial returner.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["human", "json"]),
    help="For a person, or one JSON object on stdout and everything else on stderr.",
)
@click.option("--from-warehouse", is_flag=True, help="Take what is built; read no store.")
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the CSV goes. Default: fraud/ in WAREHOUSE_DIR.",
)
def fraud_report(
    output_format: Literal["human", "json"] | None,
    from_warehouse: bool,
    output_dir: Path | None,
    store: str | None,
    **given: Any,
) -> None:
    """List customers whose returns deserve a look; a queue for review, never an action.

    Exit code: 0 done, 2 bad option or setting, 3 the store refused, 1 anything else.
    Parameters that are not given are the variables of dbt_project.yml.
    """
    from rich.console import Console

    from serve.fraud.evaluate import evaluated, live_store
    from serve.fraud.options import FraudOptions, project_variables
    from serve.fraud.outputs import LOG_WIDTH, as_json, print_summary, write_csv
    from serve.fraud.results import read_findings
    from serve.fraud.steps import StepLog
    from serve.workspace import open_workspace

    workspace = open_workspace()
    defaults = project_variables(workspace.project_dir)
    output_format = output_format or defaults["format"]
    parameters = {name: defaults[name] if value is None else value for name, value in given.items()}
    store = store.removesuffix(".myshopify.com").lower() if store else None
    if not from_warehouse:
        live = live_store(workspace)
        if store not in (None, live):
            raise click.BadParameter(
                f"{store} is not the configured store, {live}; or give --from-warehouse",
                param_hint="--store",
            )
        store = live
    options = FraudOptions(
        store=store or defaults["store"],
        output_format=output_format,
        from_warehouse=from_warehouse,
        output_dir=output_dir,
        **parameters,
    )
    # JSON goes to stdout alone, so that it can be piped.
    console = Console(stderr=output_format == "json", highlight=False)
    if not console.is_terminal:
        # A log or a pipe has no edge at which an e-mail address would be broken.
        console.width = max(console.width, LOG_WIDTH)
    log = StepLog(console, total=2 if from_warehouse else 4)
    log.banner(options.store, is_demo=workspace.is_demo)
    with evaluated(workspace, options, log) as (database, as_of):
        findings = read_findings(database, as_of)
    path = write_csv(findings, output_dir or workspace.warehouse_dir / "fraud")
    if output_format == "json":
        click.echo(as_json(findings, options, path))
    print_summary(console, findings, options, path)
