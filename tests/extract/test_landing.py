"""The landing contract: all of a run or nothing, and every table typed."""

import errno
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract import landing as landing_module
from extract.errors import ExtractError
from extract.landing import Run, open_landing
from extract.manifest import Window, read_manifests
from extract.tables import MOMENT, WHOLE, RawTable, texts

THINGS = RawTable("things", (*texts("name"), ("size", WHOLE)))
OTHERS = RawTable("others", texts("name"))
TABLES = (THINGS, OTHERS)


def _batch(*names: str) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"name": list(names)})


def _land(raw: Path, *names: str) -> Run:
    with open_landing(raw, "shop") as landing, landing.start_run(TABLES) as run:
        run.write("things", _batch(*names))
        run.commit()
    return run


def test_a_run_is_a_folder_of_every_declared_table_and_a_manifest(tmp_path: Path) -> None:
    with open_landing(tmp_path, "shop") as landing, landing.start_run(TABLES) as run:
        run.write("things", _batch("a", "b"))
        run.warn("careful")
        run.warn("careful")
        run.window_asked = Window(since="2025-01-01")
        manifest = run.commit()

    assert run.folder == tmp_path / "shop" / f"run={run.run_id}"
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "manifest.json",
        "others.parquet",
        "things.parquet",
    ]
    assert read_manifests(tmp_path / "shop") == [manifest]
    assert manifest.tables["things"].rows == 2
    assert manifest.tables["others"].rows == 0
    assert manifest.warnings == ["careful"]
    assert manifest.window_asked == Window(since="2025-01-01")
    things = pq.read_table(run.folder / "things.parquet", partitioning=None)
    assert things.schema == THINGS.schema
    assert things.column("size").to_pylist() == [None, None]
    assert things.column("_run_id").to_pylist() == [run.run_id] * 2
    assert things.column("_extracted_at").type == MOMENT
    assert things.column("_extracted_at")[0].as_py() == manifest.started_at
    others = pq.read_table(run.folder / "others.parquet", partitioning=None)
    assert others.schema == OTHERS.schema
    assert others.num_rows == 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of open files need /proc")
def test_everything_is_synced_before_the_run_gets_its_name_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    rename = Path.rename

    def synced(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    def renamed(path: Path, target: Path) -> Path:
        done.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    run = _land(tmp_path, "a")
    partial = f".partial-{run.run_id}"
    tables = ["others.parquet", "things.parquet"]
    assert sorted(done[:2]) == tables
    assert done[2:] == ["manifest.json", partial, "rename", "shop"]


def test_raw_data_is_for_its_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        run = _land(tmp_path, "a")
    finally:
        os.umask(before)
    assert stat.S_IMODE(run.folder.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(run.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in run.folder.iterdir()} == {0o600}


def test_run_ids_rise_even_when_the_clock_stands_still_or_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = [12, 12, 12, 9]

    class StoppedClock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2026, 1, 1, hours[0], tzinfo=UTC)

    monkeypatch.setattr(landing_module, "datetime", StoppedClock)
    ids = []
    while hours:
        ids.append(_land(tmp_path, "a").run_id)
        hours.pop(0)
    assert ids[:2] == ["20260101T120000000000Z", "20260101T120000000001Z"]
    assert ids == sorted(set(ids))


def test_an_exception_leaves_nothing_behind(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError),
        open_landing(tmp_path, "shop") as landing,
        landing.start_run(TABLES) as run,
    ):
        run.write("things", _batch("a"))
        raise RuntimeError
    assert [path.name for path in (tmp_path / "shop").iterdir()] == [".lock"]


def test_what_dead_runs_left_is_removed_by_the_next(tmp_path: Path) -> None:
    stale = tmp_path / "shop" / ".partial-20200101T000000000000Z"
    stale.mkdir(parents=True)
    (stale / "things.parquet").write_bytes(b"half")
    _land(tmp_path, "a")
    assert not stale.exists()


def test_two_runs_of_one_source_at_once_are_refused(tmp_path: Path) -> None:
    with open_landing(tmp_path, "shop"):
        with (
            pytest.raises(ExtractError, match="another run of source shop"),
            open_landing(tmp_path, "shop"),
        ):
            pass
        with open_landing(tmp_path, "other"):
            pass
    _land(tmp_path, "a")


def test_a_batch_must_fit_the_declaration(tmp_path: Path) -> None:
    with open_landing(tmp_path, "shop") as landing, landing.start_run(TABLES) as run:
        with pytest.raises(ValueError, match="declares no column"):
            run.write("things", pa.RecordBatch.from_pydict({"nmae": ["a"]}))
        with pytest.raises((ValueError, TypeError)):
            run.write("things", pa.RecordBatch.from_pydict({"size": ["large"]}))


def test_small_batches_are_gathered_into_row_groups(tmp_path: Path) -> None:
    with open_landing(tmp_path, "shop") as landing, landing.start_run(TABLES) as run:
        for number in range(50):
            run.write("things", _batch(str(number)))
        run.commit()
    written = pq.ParquetFile(run.folder / "things.parquet")
    assert (written.num_row_groups, written.metadata.num_rows) == (1, 50)


def test_a_full_disk_is_one_clear_line_and_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(landing_module.pq.ParquetWriter, "write_table", full)
    with pytest.raises(ExtractError, match=r"No space left on device.*free some space"):
        _land(tmp_path, "a")
    assert [path.name for path in (tmp_path / "shop").iterdir()] == [".lock"]


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file where the folder should be")
    with pytest.raises(ExtractError, match=r"cannot write .*RAW_DIR"):
        _land(tmp_path / "raw", "a")


@pytest.mark.parametrize("content", [None, "{", json.dumps({"source": "shop"})])
def test_a_run_without_a_readable_manifest_stops_the_next(
    tmp_path: Path, content: str | None
) -> None:
    folder = tmp_path / "shop" / "run=20250101T000000000000Z"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / "manifest.json").write_text(content)
    with pytest.raises(ExtractError, match=r"manifest\.json.*remove the folder"):
        _land(tmp_path, "a")


def test_a_source_holds_its_tables_only_with_all_their_columns(tmp_path: Path) -> None:
    _land(tmp_path, "a")
    wider = RawTable("things", (*THINGS.columns, *texts("colour")))
    with open_landing(tmp_path, "shop") as landing:
        assert landing.holds(TABLES)
        assert not landing.holds((wider, OTHERS))
        assert not landing.holds((*TABLES, RawTable("new", ())))
