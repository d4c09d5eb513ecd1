"""Fixtures of the extraction tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from extract_shop import Shop
from metabase_stub import Stub, small_stub

from extract.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the developer's own .env or environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    # A test never outlives a power cut; test_landing.py looks at what is synced, and when.
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    folder = Path(os.environ.get("SHARED_DATA_DIR", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"SHARED_DATA_DIR: {folder} is not there, so the real files can't be read")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


@pytest.fixture(scope="module")
def stub_orders() -> int:
    return 60


@pytest.fixture(scope="module")
def calm_stub(stub_orders: int) -> Iterator[Stub]:
    """Run a Metabase for all tests of a module that leave its tables as they are."""
    with small_stub(stub_orders) as running:
        yield running


@pytest.fixture
def stub(calm_stub: Stub) -> Stub:
    """Give the module's Metabase, which misbehaves in this test only."""
    calm_stub.forget()
    return calm_stub


@pytest.fixture
def own_stub(stub_orders: int) -> Iterator[Stub]:
    """Run a Metabase whose tables the test may change."""
    with small_stub(stub_orders) as running:
        yield running
