"""The command line: what it writes, what it refuses, and that it leaves nothing half done."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from demo_files import hashes
from waiting import wait_until

from demo import DemoError, write_marketplace
from demo.cli import main
from demo.company.stories import MIN_LINES
from demo.folder import MARKER, built_beside

PROJECT = Path(__file__).resolve().parents[2]
SMALL = ["--lines", str(MIN_LINES)]


def test_files_are_written_once_and_then_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "drop"
    assert main(["files", "--out", str(out), *SMALL]) == 0
    before = hashes(out)
    assert "wrote" in capsys.readouterr().out
    assert main(["files", "--out", str(out), *SMALL]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert hashes(out) == before
    marker = json.loads((out / MARKER).read_text(encoding="utf-8"))
    assert (marker["made_from"]["seed"], marker["made_from"]["lines"]) == (42, MIN_LINES)
    assert [path.name for path in out.parent.iterdir()] == ["drop"]


def test_an_empty_folder_is_taken_and_its_own_of_another_seed_replaced(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    write_marketplace(tmp_path / "drop", MIN_LINES, 1)
    before = hashes(tmp_path / "drop")
    assert write_marketplace(tmp_path / "drop", MIN_LINES, 2).is_new
    assert hashes(tmp_path / "drop") != before
    assert [path.name for path in tmp_path.iterdir()] == ["drop"]


def test_somebody_elses_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "drop" / "onbuy" / "orders.tsv"
    report.parent.mkdir(parents=True)
    report.write_text("mine", encoding="utf-8")
    assert main(["files", "--out", str(tmp_path / "drop"), *SMALL]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "--out" in message
    assert report.read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "drop").write_text("mine", encoding="utf-8")
    with pytest.raises(DemoError, match="not a folder"):
        write_marketplace(tmp_path / "drop", MIN_LINES, 1)


def test_too_few_lines_are_refused(tmp_path: Path) -> None:
    assert main(["files", "--out", str(tmp_path / "drop"), "--lines", "10"]) == 2
    with pytest.raises(DemoError, match=r"at least 1,000"):
        write_marketplace(tmp_path / "drop", 10, 1)
    assert not list(tmp_path.iterdir())


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["files", "--out", str(tmp_path / "drop"), *SMALL, "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "amazon_ae" in told
    assert "walmart_ca" in told
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [["--help"], ["files", "--help"], ["truth", "-h"]])
def test_help_has_examples(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert "python -m demo files --out" in capsys.readouterr().out


def test_a_failure_keeps_nothing_and_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_marketplace(tmp_path / "drop", MIN_LINES, 1)
    before = hashes(tmp_path / "drop")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("demo.marketplace.deliver_twice", fail)
    with pytest.raises(OSError, match="disk full"):
        write_marketplace(tmp_path / "drop", MIN_LINES, 2)
    assert hashes(tmp_path / "drop") == before
    assert [path.name for path in tmp_path.iterdir()] == ["drop"]


def _start(out: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "demo", "files", "--out", str(out), "--lines", "3000000"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def writes() -> bool:
        assert process.poll() is None, process.stderr and process.stderr.read()
        return any(out.parent.glob(".drop.partial-*/amazon_ae/*"))

    wait_until(writes)
    return process


def test_ctrl_c_ends_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    process = _start(tmp_path / "drop")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors.splitlines()[-1].startswith("interrupted")
    assert "Traceback" not in errors
    assert not list(tmp_path.iterdir())


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    process = _start(tmp_path / "drop")
    process.kill()
    process.communicate(timeout=120)
    assert list(tmp_path.glob(".drop.partial-*"))
    assert not (tmp_path / "drop").exists()
    with built_beside(tmp_path / "drop"):
        assert len(list(tmp_path.glob(".drop.partial-*"))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["drop"]
