"""`python -m serve dashboard` and `dashboard-static`: the pages that people read."""

import click

_HELP = {"help_option_names": ["-h", "--help"]}


@click.command("dashboard-static", context_settings=_HELP)
def dashboard_static() -> None:
    """Write the read-only views as a folder of HTML files that need no network."""
    from serve.dashboard.export import export
    from serve.files import shown
    from serve.workspace import open_workspace

    click.echo(f"wrote {shown(export(open_workspace().warehouse_dir))}; open it in a browser")


@click.command("dashboard", context_settings=_HELP)
@click.option(
    "--address",
    envvar="DASHBOARD_ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; beyond this machine only with sign-in configured.",
)
@click.option(
    "--port",
    envvar="DASHBOARD_PORT",
    type=click.IntRange(1, 65535),
    default=8501,
    show_default=True,
    help="Port to listen on.",
)
def dashboard(address: str, port: int) -> None:
    """Open the live pages: dashboard, products, users, reasons, decisions."""
    from serve.dashboard.launch import launch
    from serve.workspace import open_workspace

    launch(open_workspace(), address, port)
