"""`python -m demo metabase` says where it listens, and stops at Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from demo.cli import main
from demo.metabase import KINDS

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "demo", "metabase", "--port", "0", "--lines", "1000"]


def test_it_serves_until_it_is_interrupted() -> None:
    with subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        said: dict[str, str] = {}
        for line in process.stdout:
            name, _, value = line.strip().partition("=")
            said[name] = value
            if "Ctrl-C" in line:
                break
        health = requests.get(f"{said['METABASE_URL']}/api/health", timeout=30)
        databases = requests.get(
            f"{said['METABASE_URL']}/api/database",
            headers={"x-api-key": said["METABASE_API_KEY"]},
            timeout=30,
        )
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert health.json() == {"status": "ok"}
    assert str(databases.json()["data"][0]["id"]) == said["METABASE_DATABASE_ID"]
    assert process.returncode == 0
    # DuckDB 2.0 lists its own types as leaked when Python ends.
    assert errors.partition("nanobind: ")[0] == "demo metabase: stopped\n"


def test_the_help_names_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metabase", "--help"]) == 0
    said = capsys.readouterr().out
    assert all(re.search(rf"^  +{name} ", said, re.MULTILINE) for name in KINDS)
    assert "python -m demo metabase --port 3000" in said


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--fault", "gremlins"], 1, "there is no fault 'gremlins'"),
        (["--report-timezone", "Mars/Olympus"], 1, "there is no time zone 'Mars/Olympus'"),
        (["--lines", "10"], 2, "--lines"),
        (["--generation", "4"], 2, "--generation"),
    ],
)
def test_what_can_not_be_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    assert main(["metabase", *arguments]) == code
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
