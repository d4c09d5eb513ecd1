"""`python -m demo metabase`: the demo Metabase on its own."""

import threading

import click

from demo.api import DEFAULT_LINES, DEFAULT_SEED
from demo.company.stories import MIN_LINES
from demo.metabase.faults import KINDS
from demo.metabase.options import EXPORT_ROW_LIMIT, GENERATIONS, UNAGGREGATED_ROW_LIMIT, Options
from demo.metabase.server import MetabaseServer, running

_EPILOG = """\b
Examples:
  python -m demo metabase --port 3000
  python -m demo metabase --port 3000 --fault http_503_pool --fault cut_stream=3
  python -m demo metabase --fault query_timeout=5000 --generation 1
  python -m demo metabase --rows 2500000 --row-limit 10000

\b
Faults, each NAME, NAME=NUMBER or NAME=always; NAME=2@8 lets eight requests go well first:
""" + "\n".join(f"  {kind.name:<30}{kind.summary}" for kind in KINDS.values())


@click.command("metabase", epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=3000,
    show_default=True,
    help="Port to listen on; 0 takes any that is free.",
)
@click.option(
    "--lines",
    type=click.IntRange(min=MIN_LINES, max=20_000_000),
    default=DEFAULT_LINES,
    show_default=True,
    help="Size of the company; its shop has half as many order lines.",
)
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Same seed, same shop."
)
@click.option(
    "--rows",
    type=click.IntRange(1, 50_000_000),
    help="Serve a plain shop of so many order items instead of the company's.",
)
@click.option(
    "--fault", "faults", multiple=True, metavar="NAME[=NUMBER]", help="Switch a fault on."
)
@click.option(
    "--generation",
    type=click.IntRange(GENERATIONS[0], GENERATIONS[-1]),
    default=2,
    show_default=True,
    help="Status codes of old (1), newer (2) and newest (3) versions.",
)
@click.option(
    "--row-limit",
    type=click.IntRange(min=1),
    default=UNAGGREGATED_ROW_LIMIT,
    show_default=True,
    help="Most rows of /api/dataset, as MB_UNAGGREGATED_QUERY_ROW_LIMIT.",
)
@click.option(
    "--export-row-limit",
    type=click.IntRange(min=1),
    default=EXPORT_ROW_LIMIT,
    show_default=True,
    help="Most rows of a download.",
)
@click.option(
    "--report-timezone", default="UTC", show_default=True, help="As in Metabase's settings."
)
def metabase_command(
    host: str,
    port: int,
    lines: int,
    seed: int,
    rows: int | None,
    faults: tuple[str, ...],
    generation: int,
    row_limit: int,
    export_row_limit: int,
    report_timezone: str,
) -> None:
    """Serve the demo company's own shop as Metabase does, until Ctrl-C."""
    options = Options(
        generation=generation,
        row_limit=row_limit,
        export_row_limit=export_row_limit,
        report_timezone=report_timezone,
    )
    try:
        with running(
            lines=lines, seed=seed, rows=rows, faults=faults, options=options, host=host, port=port
        ) as server:
            _say(server)
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("demo metabase: stopped", err=True)


def _say(server: MetabaseServer) -> None:
    counts = ", ".join(f"{rows:,} {table}" for table, rows in server.table_counts().items())
    click.echo(f"demo metabase: {counts}")
    for name, value in (
        ("METABASE_URL", server.url),
        ("METABASE_API_KEY", server.api_key),
        ("METABASE_USERNAME", server.username),
        ("METABASE_PASSWORD", server.password),
        ("METABASE_DATABASE_ID", server.database_id),
    ):
        click.echo(f"{name}={value}")
    click.echo("demo metabase: press Ctrl-C to stop")
