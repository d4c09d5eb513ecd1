"""dbt in a process of its own: builds from what it read ahead, and leaves nothing behind."""

import multiprocessing
import os
import shutil
import signal
import sys
import time
from io import StringIO
from pathlib import Path
from subprocess import PIPE, Popen
from types import ModuleType

import pytest
from dbt_shop import GOOD, make_shop
from handmade import ask
from rich.console import Console
from waiting import wait_until

from serve.build import build
from serve.dbt_process import dbt_process
from serve.errors import ServeError
from serve.publish import publish
from serve.workspace import Workspace

# Days of work for one query, which Ctrl-C has to cancel.
ENDLESS = (
    "select count(*) as order_key, 1 as units_sold from range(1000000000000) where range % 7 = 8"
)
BUILDING = """\
import multiprocessing, sys
from pathlib import Path
from handmade import make_workspace
from serve.dbt_process import dbt_process
with dbt_process(make_workspace(Path(sys.argv[1]))) as dbt:
    print(multiprocessing.active_children()[0].pid, flush=True)
    dbt.build()
"""


@pytest.fixture(scope="module")
def shop(fast_folder: Path) -> Workspace:
    return make_shop(fast_folder / "shop-read-ahead")


# A new process runs the main module of its parent, and tests of pages leave their script there.
@pytest.fixture(autouse=True)
def plain_main(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture
def model(shop: Workspace) -> Path:
    model = shop.project_dir / "models" / "marts" / "core" / "orders.sql"
    model.write_text(GOOD)
    return model


def _leftovers(shop: Workspace) -> list[Path]:
    return list((shop.project_dir / "target").glob("parse-*"))


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_what_was_read_ahead_is_built_and_not_read_again(shop: Workspace, model: Path) -> None:
    with dbt_process(shop, {"floor": 3}) as dbt:
        report = dbt.build()
    assert (report.models, report.tests) == (1, 3)
    assert report.record.variables["floor"] == 3
    publish(shop)
    assert ask(shop.warehouse_dir / "marts.duckdb", "select distinct floor from orders") == [(3,)]
    # The next command finds what was read.
    log = shop.log_dir / "dbt.log"
    assert "Unable to do partial parsing" not in log.read_text(encoding="utf-8")
    log.unlink()
    build(shop, {"floor": 3}, Console(file=StringIO()))
    assert "Unable to do partial parsing" not in log.read_text(encoding="utf-8")
    assert not _leftovers(shop)


def test_a_project_that_can_not_be_read_is_told_by_the_build(shop: Workspace, model: Path) -> None:
    model.write_text("select * from {{ ref('nowhere') }}")
    with dbt_process(shop) as dbt, pytest.raises(ServeError, match="dbt stopped") as failure:
        dbt.build()
    assert "nowhere" in failure.value.details[0]


def test_failures_come_back_with_their_lines(shop: Workspace, model: Path) -> None:
    model.write_text("select range % 2 as order_key, 1 as units_sold from range(6)")
    with dbt_process(shop) as dbt, pytest.raises(ServeError, match="1 of 5 steps") as failure:
        dbt.build()
    assert failure.value.details[0].startswith("test unique_orders_order_key: 2 rows failed")


def test_a_process_that_ends_early_is_told_in_a_line(shop: Workspace, model: Path) -> None:
    with dbt_process(shop) as dbt:
        (process,) = multiprocessing.active_children()
        process.kill()
        with pytest.raises(ServeError, match=r"ended early \(exit code -9\), see .*dbt.log; run"):
            dbt.build()
    for folder in _leftovers(shop):
        shutil.rmtree(folder)


def test_nothing_outlives_a_failure_before_the_build(shop: Workspace, model: Path) -> None:
    with pytest.raises(KeyboardInterrupt), dbt_process(shop):
        raise KeyboardInterrupt
    assert not multiprocessing.active_children()
    assert not _leftovers(shop)


@pytest.mark.parametrize("moment", ["reading", "building"])
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_dbt_ends_with_the_command(
    shop: Workspace, model: Path, kind: signal.Signals, moment: str
) -> None:
    model.write_text(ENDLESS)
    shop.build_database.unlink(missing_ok=True)
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path.cwd())])
    command = [sys.executable, "-c", BUILDING, str(shop.project_dir)]
    with Popen(
        command,
        stdout=PIPE,
        stderr=PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        dbt = int(process.stdout.readline())
        if moment == "building":
            wait_until(shop.build_database.exists)
        time.sleep(1.5)
        if kind == signal.SIGINT:
            # As a terminal does: to both.
            os.killpg(process.pid, kind)
        else:
            process.send_signal(kind)
        process.wait(120)
        wait_until(lambda: not _lives(dbt))
        told = process.stderr.read()
    # Python's own watcher of leaks, of any kind; DuckDB 2.0.0 tells of leaks inside itself.
    assert "resource_tracker" not in told
    assert not _leftovers(shop)
    if kind == signal.SIGINT:
        assert told.count("Traceback") == 1, told
    # Whatever was left, the next build takes its place.
    model.write_text(GOOD)
    assert build(shop, console=Console(file=StringIO())).models == 1
