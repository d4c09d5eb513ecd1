"""The command line: what it prints, where, and how it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from extract_shop import Shop, tsv
from rich.console import Console
from waiting import wait_until

from extract.cli import main
from extract.progress import Reporter
from extract.runner import SOURCES, configured_sources, run_all
from extract.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
ORDERS = tsv("order_id|ordered_at|sku|quantity|line_amount", "1|2025-01-01|A|1|2", "2|x|B|2|3")


@pytest.fixture
def environment(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Point the environment at a shop."""
    for name in ("raw_dir", "sub_channels_file"):
        monkeypatch.setenv(name.upper(), str(getattr(shop.settings, name)))
    yield shop


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    sources = "|".join(["all", *SOURCES])
    for part in (f"[{sources}]", "--dry-run", "--skip-unknown", "--folder", "Examples:"):
        assert part in text


def test_with_nothing_configured_every_source_says_what_to_set(
    environment: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 0
    told = capsys.readouterr().out
    assert "marketplace: not configured, one empty run written; set MARKETPLACE_DIR" in told
    assert "rates: 221,702 rates from 1999-01-04 to 2026-10-30" in told
    assert main([]) == 0
    told = capsys.readouterr().out
    assert "marketplace: not configured, earlier runs stay as they are" in told
    assert len(list(environment.raw.glob("marketplace/run=*"))) == 1
    assert environment.rows("order_lines") == []


def test_a_run_ends_with_its_counts_on_stdout_and_progress_on_stderr(
    environment: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.put("onbuy/a.tsv", ORDERS)
    monkeypatch.setenv("MARKETPLACE_DIR", str(environment.drop))
    assert main(["marketplace"]) == 0
    out, err = capsys.readouterr()
    assert "marketplace: 1 file: 1 landed" in out
    assert "2 rows in = 1 landed + 1 rejected (bad_date 1)" in out
    assert "order_lines 1, return_lines 0, ledger_lines 0, files 1, rejects 1" in out
    assert "marketplace: reading 1 file" in err


def test_a_dry_run_says_what_would_land_and_lands_nothing(
    environment: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.put("onbuy/a.tsv", ORDERS)
    folder = f"onbuy={environment.drop / 'onbuy'}"
    assert main(["marketplace", "--dry-run", "--folder", folder]) == 0
    assert "onbuy/a.tsv: would land (generic_orders, utf-8)" in capsys.readouterr().out
    assert list(environment.raw.glob("*/run=*")) == []
    assert main(["all", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "marketplace: not configured: set MARKETPLACE_DIR" in out
    assert "rates: eurofxref-hist.csv: new" in out


def test_folders_of_the_command_line_take_the_place_of_those_of_the_environment(
    environment: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARKETPLACE_FOLDERS", f"onbuy={environment.root / 'nowhere'}")
    assert main(["marketplace"]) == 1
    assert "the folder of onbuy is not there" in capsys.readouterr().err
    odd = environment.root / "with, comma=and equals"
    odd.mkdir()
    (odd / "a.tsv").write_text(ORDERS)
    other = environment.root / "other"
    other.mkdir()
    assert main(["marketplace", "--folder", f"onbuy={odd}", "--folder", f"noon_ae={other}"]) == 0
    assert environment.rows("files", "_source_file") == [("onbuy/a.tsv",)]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["nonsense"], 2, "'nonsense' is not one of"),
        (["--folder", "onbuy"], 2, "not of the form sub_channel=path"),
        (["marketplace", "--folder", "onbuy=/nowhere/at/all"], 1, "error: /nowhere/at/all"),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(
    environment: Shop,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    text: str,
) -> None:
    assert main(arguments) == code
    err = capsys.readouterr().err
    assert text in err
    assert "Traceback" not in err


def test_a_wrong_setting_is_named_as_in_env(
    environment: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARKETPLACE_FOLDERS", "onbuy")
    assert main([]) == 1
    assert "error: MARKETPLACE_FOLDERS: 'onbuy' is not of the form" in capsys.readouterr().err
    monkeypatch.setenv("MARKETPLACE_FOLDERS", "")
    monkeypatch.setenv("AS_OF", "yesterday")
    assert main([]) == 1
    assert "error: AS_OF: " in capsys.readouterr().err


def test_settings_come_from_a_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "MARKETPLACE_FOLDERS=onbuy=a b, noon_ae=~/c\nRAW_DIR=\nUNKNOWN=1\n"
    )
    settings = Settings()
    assert settings.marketplace_folders == (
        ("onbuy", Path("a b")),
        ("noon_ae", Path.home() / "c"),
    )
    assert settings.raw_dir == Path("data/raw")
    assert configured_sources(settings) == ["marketplace"]
    assert configured_sources(Settings(marketplace_folders=())) == []


def test_ctrl_c_is_one_line_exit_130_and_no_partial_run(environment: Shop) -> None:
    row = "{}\t2025-01-01\tA\t1\t2\n"
    environment.put("onbuy/a.tsv", ORDERS + "".join(row.format(n) for n in range(400_000)))
    process = subprocess.Popen(
        [sys.executable, "-m", "extract", "marketplace", "--folder", "onbuy=drop/onbuy"],
        cwd=environment.root,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A suite that runs in the background has Ctrl-C switched off, and its children with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_until(environment.partials)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "interrupted: nothing of the unfinished run was kept"
    assert "Traceback" not in err + out
    assert environment.partials() == []
    assert list(environment.raw.glob("*/run=*")) == []


def test_a_terminal_gets_a_bar_and_a_pipe_gets_lines(shop: Shop) -> None:
    with Path(shop.root / "log").open("w") as log:
        reporter = Reporter(Console(file=log, force_terminal=True, width=80))
        with reporter.step("reading", 100) as step:
            step.advance(100)
    assert "100%" in (shop.root / "log").read_text()


def test_run_all_gives_a_summary_a_source(shop: Shop) -> None:
    shop.put("onbuy/a.tsv", ORDERS)
    summaries = {summary.source: summary for summary in run_all(shop.settings)}
    assert list(summaries) == list(SOURCES)
    assert summaries["marketplace"].rows["rejects"] == 1
    assert summaries["rates"].manifest is not None
