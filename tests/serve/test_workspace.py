import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.settings import Settings
from serve.errors import ConfigurationError
from serve.workspace import DEMO_AS_OF, moment_text, open_workspace

SETTINGS = tuple(name.upper() for name in Settings.model_fields)


@pytest.fixture(autouse=True)
def unconfigured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_a_source_everything_but_the_publication_lies_apart(tmp_path: Path) -> None:
    workspace = open_workspace()
    assert workspace.is_demo
    assert workspace.raw_dir == tmp_path / "data" / "demo" / "raw"
    assert workspace.build_database == tmp_path / "data" / "demo" / "build.duckdb"
    assert workspace.settings.marketplace_dir == Path("data/demo/marketplace")
    assert workspace.settings.raw_dir == workspace.raw_dir
    assert workspace.warehouse_dir == tmp_path / "warehouse"
    assert workspace.as_of == DEMO_AS_OF


@pytest.mark.parametrize("name", ["MARKETPLACE_DIR", "MARKETPLACE_FOLDERS"])
def test_one_configured_source_means_real_data_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, "onbuy=files" if name.endswith("FOLDERS") else "files")
    workspace = open_workspace()
    assert not workspace.is_demo
    assert workspace.sources == ("marketplace",)
    assert workspace.raw_dir == tmp_path / "data" / "raw"
    assert workspace.build_database == tmp_path / "warehouse" / "build.duckdb"
    assert workspace.as_of is None


def test_a_raw_folder_of_ones_own_does_not_make_the_demo_write_into_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RAW_DIR", str(tmp_path / "precious"))
    monkeypatch.setenv("BUILD_DATABASE", str(tmp_path / "precious.duckdb"))
    workspace = open_workspace()
    assert "precious" not in f"{workspace.raw_dir} {workspace.build_database}"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-10-31", datetime(2026, 10, 31, tzinfo=UTC)),
        ("2026-10-31T12:00:00Z", datetime(2026, 10, 31, 12, tzinfo=UTC)),
        ("2026-10-31T12:00:00+04:00", datetime(2026, 10, 31, 8, tzinfo=UTC)),
    ],
)
def test_the_moment_is_in_utc_and_the_option_wins(
    monkeypatch: pytest.MonkeyPatch, given: str, meant: datetime
) -> None:
    monkeypatch.setenv("AS_OF", "2020-01-01T00:00:00Z")
    assert open_workspace(given).as_of == meant
    assert moment_text(meant) == meant.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_moment_from_the_settings_without_an_offset_is_utc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AS_OF", "2026-01-02T03:04:05")
    assert open_workspace().as_of == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(("name", "value"), [("AS_OF", "soon"), ("MARKETPLACE_FOLDERS", "onbuy")])
def test_a_setting_that_can_not_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as refusal:
        open_workspace()
    assert refusal.value.exit_code == 2


def test_dbt_sees_absolute_places_only_within_the_block(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RAW_DIR", "somewhere")
    workspace = open_workspace()
    with workspace.environment():
        assert os.environ["RAW_DIR"] == str(tmp_path / "data" / "demo" / "raw")
        assert os.environ["BUILD_DATABASE"] == str(workspace.build_database)
    assert os.environ["RAW_DIR"] == "somewhere"
    assert "BUILD_DATABASE" not in os.environ
