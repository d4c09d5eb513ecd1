"""The real extractor reads the demo company's files whole, and rejects what was planted."""

from collections import Counter
from pathlib import Path

import duckdb
import pytest
from demo_files import DropFolder

from extract.runner import run_marketplace
from extract.settings import Settings


@pytest.fixture(scope="module")
def landed(smallest: DropFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patched:
        for name in Settings.model_fields:
            patched.delenv(name.upper(), raising=False)
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            raw_dir=tmp_path_factory.mktemp("raw"),
            marketplace_dir=smallest.folder,
        )
        summary = run_marketplace(settings)
    assert not summary.warnings
    return settings.raw_dir / "marketplace"


def _rows(landed: Path, table: str, columns: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(
            f"select {columns} from read_parquet('{landed}/run=*/{table}.parquet')"
        ).fetchall()


def test_every_file_lands_with_the_rows_it_has(landed: Path, smallest: DropFolder) -> None:
    found = {
        str(path).partition("!")[0]: (rows, rejected, blank, repeated, encoding, container)
        for path, rows, rejected, blank, repeated, encoding, container in _rows(
            landed,
            "files",
            "_source_file, rows_landed, rows_rejected, blank_lines, repeated_headers, encoding,"
            " container",
        )
    }
    names = {"utf-8-sig": "utf-8-bom"}
    assert found == {
        facts["path"]: (
            facts["rows"],
            len(facts["rejects"]),
            facts["blank_lines"],
            facts["repeated_headers"],
            names.get(facts["encoding"], facts["encoding"]),
            facts["container"],
        )
        for facts in smallest.files
    }


def test_the_planted_bad_rows_are_the_only_rejects(landed: Path, smallest: DropFolder) -> None:
    found = Counter(code for (code,) in _rows(landed, "rejects", "reason_code"))
    assert found == Counter(code for facts in smallest.files for code in facts["rejects"])


def test_the_second_copy_is_known_as_a_duplicate(landed: Path, smallest: DropFolder) -> None:
    found = {
        path
        for path, status in _rows(landed, "files", "_source_file, status")
        if status == "duplicate"
    }
    (copy,) = [facts for facts in smallest.files if facts["duplicate_of"]]
    # Of two files of one content the first by name is read.
    assert found in ({copy["path"]}, {copy["duplicate_of"]})
