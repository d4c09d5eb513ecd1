"""The demo company, generated, extracted, built with every dbt test, and published, once a run."""

import json
from pathlib import Path
from typing import Any

import pytest
from currency_build import AS_OF as CURRENCY_AS_OF
from currency_build import CurrencyBuild, configured, land_rates
from warehouse_run import Warehouse, folders_of

import demo
from demo.company.period import AS_OF

LINES, SEED = 20_000, 42


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("demo") / "drop"
    demo.write_marketplace(folder, LINES, SEED)
    return folder


@pytest.fixture(scope="session")
def demo_company(demo_folder: Path) -> Warehouse:
    """Run everything with `python -m serve run`: what is published has passed every test of dbt."""
    company = Warehouse(demo_folder.parent, folders_of(demo_folder), AS_OF.isoformat())
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
