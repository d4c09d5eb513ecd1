"""2.5 million order items through Metabase's two row limits. Takes minutes: RUN_VOLUME_TESTS=1."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from demo import metabase
from extract.metabase.tables import QUERIED_TABLES

PROJECT = Path(__file__).resolve().parents[2]
ROWS = int(os.environ.get("VOLUME_ROWS", "2500000"))
_MOST_MEGABYTES = 600

pytestmark = pytest.mark.skipif(
    os.environ.get("RUN_VOLUME_TESTS") != "1", reason="RUN_VOLUME_TESTS=1 is not set"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("volume") / "shop.duckdb"
    metabase.build_shop(path, rows=ROWS)
    return path


@pytest.mark.parametrize(
    ("limits", "faults"),
    [
        pytest.param({"export_row_limit": 1_048_575}, (), id="exports cut at 1,048,575 rows"),
        pytest.param({"export_row_limit": 90_000}, (), id="exports cut below the page size"),
        pytest.param({"row_limit": 2_000}, ("downloads_forbidden",), id="answers cut at 2,000"),
    ],
)
def test_all_rows_come_through_the_limit(
    shop: Path,
    tmp_path: Path,
    limits: dict[str, int],
    faults: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with metabase.running(
        rows=ROWS, shop=shop, faults=faults, options=metabase.Options(**limits)
    ) as server:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "RAW_DIR": str(tmp_path / "raw"),
            "METABASE_URL": server.url,
            "METABASE_API_KEY": server.api_key,
            "METABASE_DATABASE_ID": str(server.database_id),
        }
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "extract", "metabase"],
            env=environment,
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
        seconds = time.monotonic() - began
        counts = server.table_counts()
        asked = sum(server.requests.values())
    for table in QUERIED_TABLES:
        (path,) = (tmp_path / "raw" / "metabase").glob(f"run=*/{table.name}.parquet")
        keys = pq.read_table(path, columns=[table.key], partitioning=None)[table.key]
        assert len(keys) == len(keys.unique()) == counts[table.name], table.name
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    with capsys.disabled():
        sys.stdout.write(
            f"\n{limits}: {sum(counts.values()):,} rows ({counts['order_items']:,} items), "
            f"{asked:,} requests, {seconds:,.0f} s, peak {megabytes:,.0f} MB\n"
        )
    assert megabytes < _MOST_MEGABYTES
