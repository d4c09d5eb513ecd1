"""A run that is stopped at any moment leaves nothing of itself, and what there was before."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from shopify_demo import LINES, Row, in_force, land, tables_of

from demo.shopify import DemoShop, running
from extract.errors import ExtractError
from extract.manifest import read_manifests
from extract.shopify.client import ShopifyClient

PROJECT = Path(__file__).resolve().parents[2]

Tables = dict[str, list[Row]]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoShop]:
    with running(LINES) as server:
        yield server


@pytest.fixture(scope="module")
def clean(demo: DemoShop, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    raw = tmp_path_factory.mktemp("clean")
    return tables_of(raw, land(demo, raw).run_id)


def _environment(shop: DemoShop, raw: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "RAW_DIR": str(raw),
        "SHOPIFY_STORE": shop.store,
        "SHOPIFY_URL": shop.url,
        "SHOPIFY_ACCESS_TOKEN": shop.access_token,
        "SHOPIFY_API": "graphql",
    }


def _stop_often(shop: DemoShop, raw: Path, how: str, stop: signal.Signals) -> None:
    """Start a run three times, stop it at moments that no two share, then let one end."""
    command = [sys.executable, "-m", "extract", "shopify", "--api", how]
    before = read_manifests(raw / "shopify")
    chance = random.Random(7)
    stopped = 0
    # The first is too early for any machine to be through.
    for delay in (0.05, *(chance.uniform(0.1, 1.5) for _ in range(2))):
        child = subprocess.Popen(
            command, env=_environment(shop, raw), cwd=raw, stderr=subprocess.PIPE, text=True
        )
        assert child.stderr is not None and "looking at hewyn" in child.stderr.readline()
        time.sleep(delay)
        child.send_signal(stop)
        _, told = child.communicate(timeout=120)
        assert "Traceback" not in told and shop.access_token not in told
        # Stopped on its way out, after it had landed, a run is whole: there is no third way.
        if read_manifests(raw / "shopify") != before:
            break
        assert child.returncode != 0
        stopped += 1
    assert stopped
    if read_manifests(raw / "shopify") == before:
        subprocess.run(
            command, env=_environment(shop, raw), cwd=raw, check=True, capture_output=True
        )
    assert list((raw / "shopify").glob(".partial-*")) == []
    assert len(read_manifests(raw / "shopify")) == len(before) + 1


@pytest.mark.parametrize(
    ("how", "stop"),
    [("pages", signal.SIGKILL), ("bulk", signal.SIGINT), ("bulk", signal.SIGTERM)],
)
def test_a_run_that_is_stopped_anywhere_leaves_nothing_and_the_next_lands_all(
    how: str, stop: signal.Signals, demo: DemoShop, clean: Tables, tmp_path: Path
) -> None:
    _stop_often(demo, tmp_path, how, stop)
    (manifest,) = read_manifests(tmp_path / "shopify")
    assert tables_of(tmp_path, manifest.run_id) == clean


def test_a_later_run_that_is_stopped_leaves_what_earlier_ones_landed(tmp_path: Path) -> None:
    again, fresh = tmp_path / "again", tmp_path / "fresh"
    with running(LINES) as shop:
        land(shop, again)
        shop.touch_orders()
        shop.close_returns()
        _stop_often(shop, again, "pages", signal.SIGKILL)
        after = tables_of(fresh, land(shop, fresh).run_id)
    held = in_force(again, read_manifests(again / "shopify"))
    assert held == {name: after[name] for name in held}


def test_a_disk_that_is_full_of_bulk_results_is_one_clear_line(
    demo: DemoShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ShopifyClient, "download", full)
    with pytest.raises(ExtractError, match=r"No space left.*free some space and run again"):
        land(demo, tmp_path, "bulk")
    assert read_manifests(tmp_path / "shopify") == []
    assert list((tmp_path / "shopify").glob(".partial-*")) == []
