"""`python -m demo shopify`: the demo shop on a port of its own."""

import threading

import click

from demo.api import DEFAULT_LINES, DEFAULT_SEED
from demo.company.stories import MIN_LINES
from demo.shopify import FAULTS, RESTORE_RATE, running

DEFAULT_PORT = 8081

_EPILOG = """\b
Examples:
  python -m demo shopify
  python -m demo shopify --port 9000 --lines 5000 --seed 7
  python -m demo shopify --fault throttled --fault http_500
  python -m demo shopify --restore-rate 100        as slow as a shop on the Standard plan

\b
Faults:
""" + "".join(f"  {name:<30}{told}\n" for name, told in FAULTS.items())


@click.command("shopify", epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes any that is free.",
)
@click.option(
    "--lines",
    type=click.IntRange(min=MIN_LINES),
    default=DEFAULT_LINES,
    show_default=True,
    help="Order lines of the company; the shop has a quarter as many on top.",
)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Same shop.")
@click.option(
    "--restore-rate",
    type=click.FloatRange(min=1),
    default=RESTORE_RATE,
    show_default=True,
    help="GraphQL points a second; REST has a fiftieth in calls.",
)
@click.option(
    "--fault",
    "faults",
    type=click.Choice(list(FAULTS)),
    multiple=True,
    metavar="NAME",
    help="Let something go wrong; may be given more than once.",
)
def shopify_command(
    port: int, lines: int, seed: int, restore_rate: float, faults: tuple[str, ...]
) -> None:
    """Serve Shopify's Admin API over the made-up company until Ctrl-C."""
    try:
        with running(lines, seed, faults=faults, restore_rate=restore_rate, port=port) as shop:
            click.echo(f"demo: {shop.store} at {shop.url}, {len(shop.truth()):,} orders")
            click.echo(f"demo: SHOPIFY_URL={shop.url} SHOPIFY_STORE={shop.store}")
            click.echo(f"demo: SHOPIFY_ACCESS_TOKEN={shop.access_token}")
            click.echo(
                f"demo: or SHOPIFY_CLIENT_ID={shop.client_id} "
                f"SHOPIFY_CLIENT_SECRET={shop.client_secret}"
            )
            click.echo("demo: Ctrl-C stops it")
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("demo: stopped", err=True)
