"""The report of return fraud candidates: options, exit codes, and what is written where."""

import csv
import json
import os
import signal
import stat
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from extract.settings import Settings
from serve.cli import main
from serve.errors import ServeError
from serve.fraud import evaluate, options
from serve.fraud.options import FraudOptions, StoreRefused
from serve.fraud.outputs import COLUMNS, as_json, print_summary, write_csv
from serve.fraud.results import RULES, Candidate, Findings
from serve.fraud.steps import StepLog
from serve.workspace import Workspace

CALM = Candidate(
    "42", "Customer 42", "c42@example.com", "+97150", 8, 6, 0.75, 4, "wardrobing", Decimal("91.5"),
    "AED", datetime(2026, 9, 13, 8), '["vip", "sale"]', 76.3, "6 of 8 orders came back",
    "#1 of 2026-09-01, asked back 2026-09-13 (whole)",
)  # fmt: skip
SLY = Candidate(
    "=1+1", "@sum(a1)", "-x@example.com", None, 3, 2, 2 / 3, 0, "high_return_rate", None,
    None, None, "\tcmd", 12.0, "2 of 3 orders came back", "#2 of 2026-08-01",
)  # fmt: skip
FINDINGS = Findings(120, dict(zip(RULES, (1, 1, 0), strict=True)), [CALM, SLY], date(2026, 10, 31))
OPTIONS = FraudOptions("hewyn", 365, 3, 0.4, 14, 5, "json", True, None)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hide a developer's own configuration and write below tmp_path."""
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    monkeypatch.setenv("BUILD_DATABASE", str(tmp_path / "build.duckdb"))
    monkeypatch.setenv("RAW_DIR", str(tmp_path / "raw"))
    return tmp_path


def test_the_csv_has_its_columns_in_order_and_is_private(tmp_path: Path) -> None:
    path = write_csv(FINDINGS, tmp_path / "new" / "folder")
    assert path.name == "return_fraud_candidates_2026-10-31.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    header, calm, sly = csv.reader(StringIO(path.read_text(encoding="utf-8")))
    assert tuple(header) == COLUMNS
    assert calm == [
        *("42", "Customer 42", "c42@example.com", "'+97150", "8", "6", "75.0", "4"),
        *("wardrobing", "91.50", "2026-09-13", "vip, sale"),
    ]
    assert sly[:5] == ["'=1+1", "'@sum(a1)", "'-x@example.com", "", "3"]
    assert sly[-3:] == ["", "", "'\tcmd"]


def test_a_file_that_was_open_to_all_is_private_afterwards(tmp_path: Path) -> None:
    before = tmp_path / "return_fraud_candidates_2026-10-31.csv"
    for path in (before, before.with_name(f"{before.name}.new")):
        path.write_text("old", encoding="utf-8")
        path.chmod(0o644)
    write_csv(FINDINGS, tmp_path)
    assert stat.S_IMODE(before.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [before.name]


def test_the_json_has_the_agreed_keys(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    assert json.loads(as_json(FINDINGS, OPTIONS, path)) == {
        "skill": "return-fraud-detector",
        "store": "hewyn",
        "period_days": 365,
        "customers_evaluated": 120,
        "flagged_candidates": 2,
        "by_rule": {"high_return_rate": 1, "wardrobing": 1, "serial_returner": 0},
        "output_file": str(path),
    }


def test_steps_and_summary_read_as_agreed(tmp_path: Path) -> None:
    text = StringIO()
    console = Console(file=text, width=120)
    log = StepLog(console, total=1)
    log.banner("hewyn", is_demo=True)
    with log.step("Orders", {"store": "hewyn", "days_back": 30}) as results:
        results += ["7 orders", "9 order lines"]
    print_summary(console, FINDINGS, OPTIONS, tmp_path / "x.csv")
    told = text.getvalue()
    assert "Store:   hewyn" in told and "DEMO DATA" in told
    assert "[1/1] QUERY Orders\n  → Params: store=hewyn, days_back=30\n" in told
    assert "  → Result: 7 orders, 9 order lines\n" in told
    for line in ("Customers evaluated: 120", "Flagged candidates:  2", "high_return_rate: 1"):
        assert line in told
    assert "1. 6 of 8 orders came back\n       #1 of 2026-09-01, asked back 2026-09-13" in told
    assert "c42@example.com" in told and "75.0%" in told and "Before acting, check:" in told
    # A queue for review: nothing is blocked, tagged or changed.
    assert "MUTATION" not in told and "block" not in told.lower()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--return-rate-threshold", "40"),
        ("--return-rate-threshold", "0"),
        ("--days-back", "0"),
        ("--min-orders", "0"),
        ("--serial-threshold", "many"),
        ("--wardrobing-window-days", "-1"),
        ("--format", "xml"),
        ("--store", "somewhere-else"),
    ],
    ids=" ".join,
)
def test_bad_options_end_with_2_before_anything_is_read(
    arguments: tuple[str, ...], nowhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fraud-report", *arguments]) == 2
    assert capsys.readouterr().out == ""
    assert not any(nowhere.iterdir())


@pytest.mark.parametrize(
    "changed", [{"format": "xml"}, {"return_rate_threshold": 40}], ids=["format", "threshold"]
)
def test_a_variable_of_the_project_that_can_not_be_used_ends_with_2(
    changed: dict[str, object],
    nowhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    read = options.project_variables
    monkeypatch.setattr(options, "project_variables", lambda folder: read(folder) | changed)
    assert main(["fraud-report", "--from-warehouse"]) == 2
    assert f"{next(iter(changed))} in dbt_project.yml" in capsys.readouterr().err


def test_a_store_that_is_not_configured_ends_with_2(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (nowhere / "drop").mkdir()
    monkeypatch.setenv("MARKETPLACE_DIR", str(nowhere / "drop"))
    assert main(["fraud-report"]) == 2
    assert "SHOPIFY_STORE" in capsys.readouterr().err


def test_a_store_that_refuses_ends_with_3_and_leaves_nothing(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHOPIFY_STORE", "hewyn")
    monkeypatch.setenv("SHOPIFY_ACCESS_TOKEN", "made-up")

    def refuse(*_: object) -> dict[str, int]:
        raise StoreRefused("hewyn refuses the access token")

    monkeypatch.setattr(evaluate, "_extract", refuse)
    assert main(["fraud-report", "--format", "json"]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "refuses the access token" in told.err and "Traceback" not in told.err
    assert not list(nowhere.rglob("*.csv")) and not list(nowhere.glob(".fraud-*"))


def test_what_a_killed_report_left_is_cleared_away_and_a_running_one_is_let_be(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "drop").mkdir()
    monkeypatch.setenv("MARKETPLACE_DIR", str(nowhere / "drop"))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, in_use = nowhere / f".fraud-{ended.pid}-x", nowhere / f".fraud-{os.getpid()}-x"
    for folder in (left, in_use):
        folder.mkdir()
        (folder / "build.duckdb").touch()
    assert main(["fraud-report", "--from-warehouse"]) == ServeError.exit_code
    assert not left.exists() and in_use.exists()


def test_sigterm_ends_the_report_and_takes_its_scratch_folder_along(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPIFY_STORE", "hewyn")
    monkeypatch.setenv("SHOPIFY_ACCESS_TOKEN", "made-up")
    seen = []

    def terminated(scratch: Workspace, _: datetime) -> dict[str, int]:
        seen.append(scratch.raw_dir.parent)
        os.kill(os.getpid(), signal.SIGTERM)
        return {}

    monkeypatch.setattr(evaluate, "_extract", terminated)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        main(["fraud-report"])
    assert ended.value.code == 128 + signal.SIGTERM
    assert seen and not seen[0].exists()
    assert signal.getsignal(signal.SIGTERM) == before


def test_without_a_build_the_warehouse_can_not_answer(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Configured, so that a demo company that was built here before does not answer.
    monkeypatch.setenv("MARKETPLACE_DIR", str(nowhere / "drop"))
    assert main(["fraud-report", "--from-warehouse"]) == ServeError.exit_code
    assert "make build" in capsys.readouterr().err
