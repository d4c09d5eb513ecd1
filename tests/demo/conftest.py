"""Fixtures of the demo company's tests: one company of each size, written once."""

from pathlib import Path

import pytest
from demo_files import DropFolder

from demo import Outcome, write_marketplace
from demo.company.stories import MIN_LINES

SMALLEST = (MIN_LINES, 7)
USUAL = (60_000, 42)


def _folder(outcome: Outcome) -> DropFolder:
    return DropFolder(outcome.folder, outcome.files, outcome.totals)


@pytest.fixture(scope="session")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> DropFolder:
    folder: Path = tmp_path_factory.mktemp("smallest") / "drop"
    return _folder(write_marketplace(folder, *SMALLEST))


@pytest.fixture(scope="session")
def usual(tmp_path_factory: pytest.TempPathFactory) -> DropFolder:
    folder: Path = tmp_path_factory.mktemp("usual") / "drop"
    return _folder(write_marketplace(folder, *USUAL))


@pytest.fixture(params=["smallest", "usual"])
def drop_folder(request: pytest.FixtureRequest) -> DropFolder:
    folder: DropFolder = request.getfixturevalue(request.param)
    return folder
