"""The marts depend on what the drop folder holds, not on how or how often it was extracted."""

import shutil
from pathlib import Path

import pytest
from warehouse_run import Warehouse, folders_of

import demo
from demo.company.period import AS_OF


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("small") / "drop"
    demo.write_marketplace(folder, 1_000, 7)
    return folder


def _company(home: Path, drop_folder: Path) -> Warehouse:
    home.mkdir(exist_ok=True)
    return Warehouse(home, folders_of(drop_folder), AS_OF.isoformat())


def test_the_order_of_extraction_does_not_show(small_folder: Path, tmp_path: Path) -> None:
    at_once = _company(tmp_path / "at_once", small_folder)
    at_once.call("extract")
    at_once.build_models()

    # The same files in three deliveries, the last ones first, and all read once more at the end.
    files = sorted((p for p in small_folder.rglob("*") if p.is_file()), reverse=True)
    arriving = tmp_path / "arriving"
    in_parts = None
    for part in range(3):
        for path in files[part::3]:
            copy = arriving / path.relative_to(small_folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
        in_parts = _company(tmp_path / "in_parts", arriving)
        in_parts.call("extract")
    assert in_parts is not None
    in_parts.call("extract")
    in_parts.build_models()

    one, other = at_once.marts(), in_parts.marts()
    assert one.keys() == other.keys()
    assert one["order_items"]
    for name, rows in one.items():
        assert rows == other[name], name
