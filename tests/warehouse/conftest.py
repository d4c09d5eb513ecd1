"""The demo company, generated, extracted, built with every dbt test, and published, once a run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from currency_build import AS_OF as CURRENCY_AS_OF
from currency_build import CurrencyBuild, configured, land_rates
from warehouse_run import Warehouse, folders_of

import demo
from demo import metabase, shopify
from demo.company.period import AS_OF
from demo.owner_rates import write_owner_rates

LINES, SEED = 20_000, 42


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("demo") / "drop"
    demo.write_marketplace(folder, LINES, SEED)
    return folder


@dataclass(frozen=True)
class Servers:
    """The demo's Shopify and Metabase, while they run."""

    shop: shopify.DemoShop
    desertcart: metabase.MetabaseServer

    def settings(self, home: Path) -> dict[str, str]:
        """Return what leads the extractors to them, and the owner's rates written into `home`."""
        write_owner_rates(home / "owner_rates.csv")
        return {
            "SHOPIFY_STORE": self.shop.store,
            "SHOPIFY_URL": self.shop.url,
            "SHOPIFY_ACCESS_TOKEN": self.shop.access_token,
            "METABASE_URL": self.desertcart.url,
            "METABASE_API_KEY": self.desertcart.api_key,
            "METABASE_DATABASE_ID": str(self.desertcart.database_id),
            "RATES_FILE": str(home / "owner_rates.csv"),
        }


@pytest.fixture(scope="session")
def demo_servers() -> Iterator[Servers]:
    with (
        shopify.running(LINES, SEED) as shop,
        metabase.running(lines=LINES, seed=SEED) as desertcart,
    ):
        yield Servers(shop, desertcart)


@pytest.fixture(scope="session")
def demo_company(demo_folder: Path, demo_servers: Servers) -> Warehouse:
    """Run everything with `python -m serve run`: what is published has passed every test of dbt."""
    home = demo_folder.parent
    settings = demo_servers.settings(home)
    company = Warehouse(home, folders_of(demo_folder), AS_OF.isoformat(), settings)
    company.call("serve", "run")
    return company


@pytest.fixture(scope="session")
def expected(demo_folder: Path) -> dict[str, Any]:
    """Return what the generator says it put into the files, counted without reading them."""
    folder = demo_folder.parent / "truth"
    demo.truth(folder, LINES, SEED)
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def currency_build(tmp_path_factory: pytest.TempPathFactory) -> CurrencyBuild:
    """Build the currency models over rates written by hand."""
    home: Path = tmp_path_factory.mktemp("currencies")
    land_rates(home / "raw")
    build = CurrencyBuild(configured(home, CURRENCY_AS_OF))
    build.build()
    return build
