import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handmade import make_build

from extract.settings import PROJECT_DIR, Settings
from serve import pipeline
from serve.cli import main
from serve.publish import publish
from serve.workspace import Workspace, open_workspace


@pytest.fixture(autouse=True)
def company(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand in a folder of one's own with one configured source."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARKETPLACE_DIR", str(tmp_path / "drop"))
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        streams = capsys.readouterr()
        return code, streams.out, streams.err

    return run


def _built(company: Path) -> Workspace:
    """Make a build for the workspace that the command line will open."""
    workspace = open_workspace(project_dir=company)
    make_build(workspace)
    return workspace


def test_publishes_and_sums_up(call: Callable[..., Any], company: Path) -> None:
    _built(company)
    code, out, err = call("publish")
    assert (code, out) == (0, "")
    assert "2 marts, 2,050 rows" in err
    code, out, err = call("summary")
    assert (code, err) == (0, "")
    assert "Published" in out


def test_a_dry_run_of_publish_changes_nothing(call: Callable[..., Any], company: Path) -> None:
    _built(company)
    code, out, _ = call("publish", "--dry-run")
    assert code == 0
    assert "would write 2 marts" in out
    assert not (company / "warehouse" / "marts.duckdb").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--as-of", "soon"), "'soon' is not a moment"),
        (("run", "--vars", "min_product_units"), "write it as YAML names and values"),
        (("run", "--vars", "{a: [}"), "write it as YAML names and values"),
        (("run", "--vars", "{min_product_unit: 5}"), "there is no variable 'min_product_unit'"),
        (("run", "--nonsense"), "No such option"),
        (("nonsense",), "No such command"),
    ],
)
def test_bad_options_are_exit_code_2(
    call: Callable[..., Any], arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_a_bad_setting_is_exit_code_2(
    call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AS_OF", "soon")
    code, _, err = call("summary")
    assert code == 2
    assert err.startswith("error: AS_OF:")


@pytest.mark.parametrize("command", ["build", "publish", "summary"])
def test_a_fault_that_was_to_be_expected_is_one_line(
    call: Callable[..., Any], command: str
) -> None:
    code, _, err = call(command)
    last = err.splitlines()[-1]
    assert code == 1
    assert last.startswith("error: ")
    assert "make" in last
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("raised", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "interrupted: what was published before still stands"),
        (OSError(28, "No space left", "x.new"), 1, "error: x.new: No space left"),
    ],
)
def test_interruptions_and_full_disks_are_one_line(
    call: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    raised: BaseException,
    code: int,
    line: str,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise raised

    monkeypatch.setattr(pipeline, "run", fail)
    found, out, err = call("run")
    assert (found, out) == (code, "")
    assert [told for told in err.splitlines() if told] == [line]


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(pipeline, "run", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        main(["run"])


def test_options_reach_the_pipeline(
    call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(pipeline, "run", lambda *a, **k: given.append((*a, k)))
    call("run", "--vars", "{min_product_units: 5, as_of: 2026-01-02}", "--force")
    workspace, variables, options = given[0]
    assert variables == {"min_product_units": 5}
    assert f"{workspace.as_of:%Y-%m-%d}" == "2026-01-02"
    assert options == {"force": True}


def test_demo_data_is_refused_before_any_work(
    call: Callable[..., Any], company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(_built(company))
    monkeypatch.delenv("MARKETPLACE_DIR")
    code, out, err = call("run")
    assert (code, out) == (1, "")
    assert "holds real data and no source is configured" in err
    assert not (company / "data").exists()


def test_a_dry_run_of_the_demo_writes_nothing(
    call: Callable[..., Any], company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MARKETPLACE_DIR")
    code, out, _ = call("run", "--dry-run")
    assert code == 0
    assert "DEMO DATA" in out
    assert "data/demo/marketplace" in out
    assert list(company.iterdir()) == []


def test_a_dry_run_of_real_data_names_places_and_files(
    call: Callable[..., Any], company: Path
) -> None:
    folder = company / "drop" / "onbuy"
    folder.mkdir(parents=True)
    (folder / "ledger.tsv").write_text(
        "InvoiceNo\tStockCode\tDescription\tQuantity\tInvoiceDate\tUnitPrice\tCustomerID\tCountry\n"
        "536365\tA1\tLamp\t6\t2010-12-01 08:26:00\t2.55\t17850.0\tUnited Kingdom\n"
    )
    code, out, _ = call("run", "--dry-run", "--as-of", "2011-01-01")
    assert code == 0
    assert "2011-01-01 00:00 UTC" in out
    assert "onbuy/ledger.tsv" in out
    assert not (company / "warehouse").exists()


def test_help_does_not_load_what_it_does_not_need() -> None:
    check = (
        "import sys; from serve.cli import main; main(['run', '--help']); "
        "heavy = {'dbt', 'duckdb', 'pyarrow', 'pydantic', 'rich'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(PROJECT_DIR)},
    )
    assert done.returncode == 0, done.stderr
    assert "Examples:" in done.stdout
