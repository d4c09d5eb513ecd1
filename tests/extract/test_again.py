"""Running again: nothing twice, corrections land, order and crashes change nothing."""

import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from extract_shop import Shop, tsv

HEADER = "order_id|ordered_at|sku|quantity"
FIRST = tsv(HEADER, "1|2025-01-01|A|1", "2|2025-01-09|B|2")
SECOND = tsv(HEADER, "3|2025-02-01|A|1", "bad")
LINES = ("_source_file", "_file_sha256", "_row_number", "order_id", "quantity")


def _statuses(shop: Shop, run_id: str | None) -> dict[str, str]:
    return dict(shop.rows("files", "_source_file", "status", run_id=run_id))


def test_the_same_folder_twice_lands_nothing_new_and_keeps_the_counts(shop: Shop) -> None:
    shop.put("onbuy/a.tsv", FIRST)
    shop.put("onbuy/b.tsv", SECOND)
    first, second = shop.run(), shop.run()
    assert second.rows == {
        "order_lines": 0,
        "return_lines": 0,
        "ledger_lines": 0,
        "files": 2,
        "rejects": 0,
    }
    assert set(_statuses(shop, second.run_id).values()) == {"unchanged"}
    counted = ("_source_file", "rows_in", "rows_landed", "rows_rejected", "first_day", "last_day")
    assert shop.rows("files", *counted, run_id=second.run_id) == shop.rows(
        "files", *counted, run_id=first.run_id
    )
    assert first.manifest and first.manifest.window_covered
    assert first.manifest.window_covered.model_dump() == {
        "since": "2025-01-01",
        "until": "2025-02-02",
    }
    assert second.manifest and second.manifest.window_covered is None


def test_a_copy_under_another_name_is_a_duplicate_and_stays_one(shop: Shop) -> None:
    shop.put("onbuy/b.tsv", FIRST)
    shop.put("onbuy/c.tsv.gz", __import__("gzip").compress(FIRST.encode()))
    first = shop.run()
    assert _statuses(shop, first.run_id) == {
        "onbuy/b.tsv": "landed",
        "onbuy/c.tsv.gz": "duplicate",
    }
    shop.put("onbuy/a.tsv", FIRST)
    second = shop.run()
    assert _statuses(shop, second.run_id) == {
        "onbuy/a.tsv": "duplicate",
        "onbuy/b.tsv": "unchanged",
        "onbuy/c.tsv.gz": "duplicate",
    }
    assert shop.rows("files", "rows_in", run_id=second.run_id) == [(2,)] * 3
    assert len(shop.rows("order_lines")) == 2


def test_a_renamed_file_lands_nothing(shop: Shop) -> None:
    path = shop.put("onbuy/a.tsv", FIRST)
    shop.run()
    path.rename(path.with_name("b.tsv"))
    assert _statuses(shop, shop.run().run_id) == {"onbuy/b.tsv": "duplicate"}


def test_a_corrected_file_lands_beside_what_it_corrects(shop: Shop) -> None:
    shop.put("onbuy/a.tsv", FIRST, at=1_000)
    shop.run()
    shop.put("onbuy/a.tsv", FIRST.replace("|", "\t").replace("\t2\n", "\t3\n"), at=2_000)
    second = shop.run()
    assert _statuses(shop, second.run_id) == {"onbuy/a.tsv": "landed"}
    assert shop.rows("order_lines", "quantity", run_id=second.run_id) == [("1",), ("3",)]
    seconds = [int(at.timestamp()) for (at,) in shop.rows("files", "file_modified_at")]
    assert seconds == [1_000, 2_000]


def test_a_file_put_back_to_what_it_was_is_seen_and_lands_no_second_time(shop: Shop) -> None:
    for at, content in enumerate((FIRST, SECOND, FIRST), start=1):
        shop.put("onbuy/a.tsv", content, at=at)
        last = shop.run()
    assert _statuses(shop, last.run_id) == {"onbuy/a.tsv": "unchanged"}
    assert len(shop.rows("order_lines")) == 3


def test_one_content_in_two_sub_channels_lands_in_both_and_is_warned_of(shop: Shop) -> None:
    shop.put("amazon_ae/a.tsv", FIRST)
    shop.put("amazon_sa/a.tsv", FIRST)
    shop.put("amazon_ae/none.tsv", tsv(HEADER))
    shop.put("amazon_sa/none.tsv", tsv(HEADER))
    first = shop.run()
    assert set(_statuses(shop, first.run_id).values()) == {"landed"}
    assert [text.split(" has ")[0] for text in first.warnings] == ["amazon_sa/a.tsv"]
    assert shop.run().warnings == []


def test_an_edited_map_is_said_and_its_files_wait_for_their_run_to_be_removed(shop: Shop) -> None:
    maps = shop.root / "maps"
    maps.mkdir()
    from extract.marketplace.layouts import SHIPPED_DIR

    own = (SHIPPED_DIR / "generic_orders.yml").read_text()
    (maps / "generic_orders.yml").write_text(own)
    shop.changes["marketplace_layouts_dir"] = maps
    shop.put("onbuy/a.tsv", tsv(f"{HEADER}|colour", "1|2025-01-01|A|1|red"))
    first = shop.run()
    (maps / "generic_orders.yml").write_text(own.replace("category: category", "category: colour"))
    second = shop.run()
    assert "before its map was edited" in second.warnings[0]
    assert _statuses(shop, second.run_id) == {"onbuy/a.tsv": "unchanged"}
    shutil.rmtree(shop.raw / "marketplace" / f"run={first.run_id}")
    third = shop.run()
    assert _statuses(shop, third.run_id) == {"onbuy/a.tsv": "landed"}
    assert shop.rows("order_lines", "category") == [("red",)]


@pytest.mark.parametrize("label", ["other/folder/z.tsv", "a.tsv"])
def test_the_order_of_arrival_changes_no_row(tmp_path: Path, label: str) -> None:
    at_once, one_by_one = Shop(tmp_path / "one"), Shop(tmp_path / "two")
    for folder in (at_once, one_by_one):
        folder.root.mkdir()
    contents = {f"onbuy/{label}": FIRST, "onbuy/m.tsv": SECOND}
    for name, content in contents.items():
        at_once.put(name, content)
    at_once.run()
    for name, content in reversed(contents.items()):
        one_by_one.put(name, content)
        one_by_one.run()
    for table in ("order_lines", "rejects"):
        columns = LINES if table == "order_lines" else (*LINES[:3], "reason_code", "raw_text")
        assert sorted(at_once.rows(table, *columns)) == sorted(one_by_one.rows(table, *columns))


KILLED = """
import os, signal, sys
from pathlib import Path
from extract import landing
from extract.runner import run_marketplace
from extract.settings import Settings

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(*{"writing": (landing.Run, "write"), "closing": (landing._TableWriter, "finish"),
          "syncing": (landing, "_sync_folder"), "renaming": (Path, "rename")}[sys.argv[1]], die)
root = Path(sys.argv[2])
run_marketplace(Settings(raw_dir=root / "raw", marketplace_dir=root / "drop",
                         sub_channels_file=root / "sub_channels.csv"))
"""


@pytest.mark.parametrize("moment", ["writing", "closing", "syncing", "renaming"])
def test_a_kill_at_any_moment_leaves_no_half_run_and_the_next_has_it_all(
    shop: Shop, moment: str
) -> None:
    shop.put("onbuy/a.tsv", FIRST)
    shop.put("onbuy/b.tsv", SECOND)
    script = shop.root / "killed.py"
    script.write_text(textwrap.dedent(KILLED))
    assert shop.settings.raw_dir == shop.raw
    done = subprocess.run(
        [sys.executable, script, moment, shop.root],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert len(shop.partials()) == 1
    assert list((shop.raw / "marketplace").glob("run=*")) == []

    summary = shop.run()

    assert shop.partials() == []
    assert _statuses(shop, summary.run_id) == {"onbuy/a.tsv": "landed", "onbuy/b.tsv": "landed"}
    assert [order for (order,) in shop.rows("order_lines", "order_id")] == ["1", "2", "3"]
    assert len(shop.rows("rejects")) == 1
