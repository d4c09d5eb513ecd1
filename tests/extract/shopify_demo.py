"""Lands the demo shop, and reads back what was landed."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pydantic import SecretStr

from demo.shopify import DemoShop
from extract.landing import open_landing
from extract.manifest import Manifest
from extract.progress import Reporter
from extract.settings import Settings
from extract.shopify.client import ShopifyClient
from extract.shopify.shop import read_shop
from extract.shopify.source import prepare_with
from extract.shopify.tables import ORDERS, SOURCE_NAME, TABLES
from extract.sources import Options

Row = dict[str, Any]

# About 700 orders: three pages of the largest size.
LINES = 4_000
_LONGEST_SLEEP = 0.02


def settings_for(demo: DemoShop, raw: Path, **changes: Any) -> Settings:
    given = {
        "raw_dir": raw,
        "shopify_store": demo.store,
        "shopify_url": demo.url,
        "shopify_access_token": SecretStr(demo.access_token),
    }
    return Settings(**{**given, **changes})


def land(demo: DemoShop, raw: Path, how: str = "pages", **changes: Any) -> Manifest:
    """Land one run, with waits cut short. `how` is pages, bulk or rest."""
    api = "rest" if how == "rest" else "graphql"
    settings = settings_for(demo, raw, shopify_api=api, **changes)
    options = Options(api="auto" if how == "rest" else how)  # type: ignore[arg-type]
    reporter = Reporter(quiet=True)
    client = ShopifyClient(read_shop(settings), sleep=_nap)
    with open_landing(raw, SOURCE_NAME) as landing:
        job = prepare_with(client, settings, options, landing.manifests, reporter)
        with landing.start_run(TABLES) as run:
            job.land(run, reporter)
            return run.commit()


def tables_of(raw: Path, run_id: str) -> dict[str, list[Row]]:
    """Return every table of a run without the run's own columns, in an order of its own."""
    found = {}
    for table in TABLES:
        path = raw / SOURCE_NAME / f"run={run_id}" / f"{table.name}.parquet"
        rows = pq.read_table(path, columns=list(table.column_names)).to_pylist()
        found[table.name] = sorted(rows, key=lambda row: [str(value) for value in row.values()])
    return found


def in_force(raw: Path, manifests: Sequence[Manifest]) -> dict[str, list[Row]]:
    """Return what holds after all runs: each order with its children as it was landed last."""
    runs = [tables_of(raw, manifest.run_id) for manifest in manifests]
    last_run: dict[str, int] = {}
    for number, tables in enumerate(runs):
        last_run.update((order["order_id"], number) for order in tables[ORDERS.name])
    held: dict[str, list[Row]] = {}
    for table in TABLES:
        if "order_id" in table.column_names:
            rows = _of_last(runs, table.name, last_run)
            held[table.name] = sorted(rows, key=lambda row: [str(value) for value in row.values()])
    return held


def _of_last(
    runs: Sequence[dict[str, list[Row]]], table: str, last_run: dict[str, int]
) -> Iterable[Row]:
    for number, tables in enumerate(runs):
        yield from (row for row in tables[table] if last_run[row["order_id"]] == number)


def _nap(seconds: float) -> None:
    time.sleep(min(seconds, _LONGEST_SLEEP))
