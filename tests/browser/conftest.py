"""The live pages in a real, headless browser. Pictures of them are kept in target/screenshots."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from dashboard_marts import settings_for, write_marts
from waiting import wait_until

PROJECT = Path(__file__).parents[2]
PICTURES = PROJECT / "target" / "screenshots"
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a company of its own, or with DASHBOARD_TEST_HOME one that is published there."""
    if given := os.environ.get("DASHBOARD_TEST_HOME"):
        return Path(given)
    home: Path = tmp_path_factory.mktemp("company")
    write_marts(home / "warehouse")
    return home


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    """Serve the pages from a process of their own and return where."""
    with serving(home, free_port(), {}) as address:
        yield address


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serving(home: Path, port: int, settings: Mapping[str, str]) -> Iterator[str]:
    """Serve the pages of a company within the block; yield where."""
    pytest.importorskip("streamlit", reason="Streamlit is not installed")
    log = (home / f"server-{port}.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "serve", "dashboard", "--port", str(port)],
        cwd=PROJECT,
        env=os.environ | settings_for(home) | settings,
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"

    def pages_are_up() -> bool:
        assert server.poll() is None, Path(log.name).read_text()
        try:
            with urlopen(f"{address}/_stcore/health", timeout=5):
                return True
        except OSError:
            return False

    try:
        wait_until(pages_are_up)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start the Chromium of the system; Playwright's own is never downloaded."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if _CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        # Root, as in containers, has no sandbox.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=_CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """Open a tab that fails the test when a script of the page fails or asks another machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(60_000)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    tab.on("request", lambda request: faults.extend(_elsewhere(request.url)))
    yield tab
    context.close()
    assert faults == []


def _elsewhere(url: str) -> list[str]:
    own = ("http://127.0.0.1", "ws://127.0.0.1", "file:", "data:", "blob:")
    return [] if url.startswith(own) else [f"asked {url}"]
