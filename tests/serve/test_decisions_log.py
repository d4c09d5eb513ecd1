import json
import multiprocessing
import os
import sys
import threading
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from serve.decisions import log as log_module
from serve.decisions.event import DecisionEvent, Draft, sha256_of
from serve.decisions.log import DecisionLog
from serve.errors import ConfigurationError, ServeError

WRITERS = 8
# The full thousand takes a while on a busy disk: DECISIONS_AT_ONCE=1000.
AT_ONCE = int(os.environ.get("DECISIONS_AT_ONCE", "160"))


def draft(order: str = "shop:1", key: str | None = None, **more: Any) -> Draft:
    given: dict[str, Any] = {
        "action": "resolve",
        "subject_key": order,
        "actor": "mia",
        "source": "command line",
        "idempotency_key": key or os.urandom(8).hex(),
        "reason_code": "LATE_DELIVERY",
    }
    return Draft(**{**given, **more})


def _write_many(raw_dir: Path, writer: int, count: int) -> None:
    log = DecisionLog(raw_dir)
    for number in range(count):
        log.append([draft(f"shop:{number}", f"{writer}-{number}", actor=f"writer {writer}")])
        # A retry after an answer that never came.
        log.append([draft(f"shop:{number}", f"{writer}-{number}", actor=f"writer {writer}")])


def chain_is_whole(folder: Path) -> bool:
    previous = None
    for path in sorted(folder.glob("*.json")):
        if json.loads(path.read_bytes()).get("previous_sha256") != previous:
            return False
        previous = sha256_of(path.read_bytes())
    return True


def test_of_writers_at_once_none_is_lost_and_none_doubled(
    fast_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A page under test leaves its own script behind as the main module, which a spawned process
    # would run again.
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    raw_dir = fast_folder / "writers"
    each = AT_ONCE // WRITERS
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_write_many, args=(raw_dir, writer, each))
        for writer in range(WRITERS)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=300)
    assert [process.exitcode for process in processes] == [0] * WRITERS
    events = DecisionLog(raw_dir).events()
    assert len(events) == each * WRITERS
    assert len({event.idempotency_key for event in events}) == each * WRITERS
    assert [event.recorded_at for event in events] == sorted({e.recorded_at for e in events})
    assert chain_is_whole(raw_dir / "decisions")
    # On every order each decision overrules exactly the one before it.
    for number in range(each):
        history = DecisionLog(raw_dir).events(f"shop:{number}")
        before = [None, *(event.event_id for event in history[:-1])]
        assert [event.supersedes_event_id for event in history] == before


def test_threads_of_one_process_take_turns_too(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    threads = [
        threading.Thread(target=lambda n=n: log.append([draft(f"shop:{n}")])) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(DecisionLog(tmp_path).events()) == 8
    assert chain_is_whole(log.folder)


def test_two_people_at_once_both_stay_the_later_rules_and_both_are_told(tmp_path: Path) -> None:
    first, second = DecisionLog(tmp_path), DecisionLog(tmp_path)
    (mine,) = first.append([draft(actor="mia")])
    (theirs,) = second.append([draft(actor="ali", reason_code="OUT_OF_STOCK")])
    assert theirs.overruled == mine.event
    assert first.standing()["shop:1"] == theirs.event
    assert first.overruled_by_others("mia") == [(mine.event, theirs.event)]
    assert first.overruled_by_others("ali") == []
    assert [event.reason_code for event in first.events("shop:1")] == [
        "LATE_DELIVERY",
        "OUT_OF_STOCK",
    ]
    # Who has recorded something since has seen it.
    first.append([draft("shop:2", actor="mia")])
    assert first.overruled_by_others("mia") == []


def test_an_event_is_synced_before_append_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    (outcome,) = DecisionLog(tmp_path).append([draft()])
    assert synced == [f"{outcome.event.event_id}.json.new", "decisions"]


def test_files_are_private_read_only_and_whole(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    (outcome,) = log.append([draft(comment="صندوق مكسور")])
    (path,) = log.folder.glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o400
    assert log.folder.stat().st_mode & 0o777 == 0o700
    assert DecisionEvent.model_validate_json(path.read_bytes()) == outcome.event
    assert json.loads(path.read_text())["comment"] == "صندوق مكسور"


def test_a_full_disk_records_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = DecisionLog(tmp_path)
    written: list[Path] = []
    real = log_module._write_synced

    def fail_second(path: Path, content: bytes) -> None:
        if written:
            raise OSError(28, "No space left on device", str(path))
        written.append(path)
        real(path, content)

    monkeypatch.setattr(log_module, "_write_synced", fail_second)
    with pytest.raises(OSError, match="No space left"):
        log.append([draft("shop:1"), draft("shop:2")])
    assert log.events() == []
    assert [path.name for path in log.folder.iterdir()] == [".lock"]


def test_what_a_dead_writer_left_is_no_event_and_is_cleared(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    log.append([draft()])
    (log.folder / "20991231T000000000000Z-aa.json.new").write_text("half an ev")
    assert len(DecisionLog(tmp_path).events()) == 1
    log.append([draft("shop:2")])
    assert not list(log.folder.glob("*.new"))


def test_a_key_used_for_something_else_is_refused(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    log.append([draft(key="k")])
    with pytest.raises(ConfigurationError, match="'k' was used for another decision"):
        log.append([draft("shop:2"), draft("shop:3", key="k")])
    assert len(log.events()) == 1


def test_ids_sort_by_recording_even_if_the_clock_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = DecisionLog(tmp_path)
    (first,) = log.append([draft()])

    class Slow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return first.event.recorded_at - timedelta(minutes=3)

    monkeypatch.setattr(log_module, "datetime", Slow)
    (second,) = log.append([draft(actor="ali")])
    assert second.event.event_id > first.event.event_id
    assert log.standing()["shop:1"] == second.event


def test_a_log_from_the_future_is_not_written_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = DecisionLog(tmp_path)
    log.append([draft()])

    class Past(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime(2020, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(log_module, "datetime", Past)
    with pytest.raises(ServeError, match="correct the clock"):
        log.append([draft("shop:2")])
    assert len(log.events()) == 1


def test_a_lock_that_never_comes_free_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, other = DecisionLog(tmp_path), DecisionLog(tmp_path)
    log.append([draft()])
    monkeypatch.setattr(log_module, "_LOCK_SECONDS", 0.05)
    with other._turn(), pytest.raises(ServeError, match="nothing was recorded"):
        log.append([draft("shop:2")])


def test_a_damaged_file_is_reported_and_an_edited_one_breaks_the_chain(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    for number in range(3):
        log.append([draft(f"shop:{number}")])
    second = sorted(log.folder.glob("*.json"))[1]
    second.chmod(0o600)
    second.write_text("{}")
    again = DecisionLog(tmp_path)
    assert len(again.events()) == 2
    assert again.unreadable == [second.name]
    assert not chain_is_whole(log.folder)
