import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extract.settings import PROJECT_DIR

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def killings(fast_folder: Path) -> list[dict[str, Any]]:
    folder = fast_folder / "killed"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, str(HERE / "killer.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{PROJECT_DIR}{os.pathsep}{HERE}"},
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_of_them_was_killed(killings: list[dict[str, Any]]) -> None:
    moments = killings[:-1]
    assert len(moments) > 15
    assert all(moment["killed"] for moment in moments)


def test_whatever_moment_it_is_killed_each_file_is_whole(killings: list[dict[str, Any]]) -> None:
    old = killings[0]["left"]["marts"]
    for moment in killings[:-1]:
        left = moment["left"]
        # `state` has opened and read every file, so a half-written one would have failed there.
        assert left["rows"] == (10 if left["marts"] == old else 1)


def test_recovery_leaves_the_previous_publication_or_the_new_one_entirely(
    killings: list[dict[str, Any]],
) -> None:
    old = killings[0]["left"]["marts"]
    outcomes = []
    for moment in killings[:-1]:
        left, found = moment["left"], moment["recovered"]
        assert found["marts"] == found["restricted"] == found["exports"]
        assert found["rows"] == (10 if found["marts"] == old else 1)
        assert found["leftovers"] == []
        outcomes.append(found["marts"] == old)
        # Without a journal nothing was decided, so nothing may have changed.
        if ".publishing.json" not in left["leftovers"] and found["marts"] == old:
            assert left["marts"] == left["restricted"] == left["exports"] == old
    # Once decided, it stays decided.
    assert outcomes == sorted(outcomes, reverse=True)
    assert {True, False} == set(outcomes)


def test_the_next_publication_clears_up_and_takes_its_place(killings: list[dict[str, Any]]) -> None:
    again = killings[-1]["again"]
    assert again["leftovers"] == []
    assert again["marts"] == again["restricted"] == again["exports"]
    assert again["marts"] > killings[-2]["recovered"]["marts"]
