"""Exports what is true of the company, for tests that compare a warehouse with what was put in."""

import json
from pathlib import Path

from demo.company import SUB_CHANNELS, Company
from demo.marketplace import Advance, Written, set_variables, write_files

_SQL_DIR = Path(__file__).parent / "company" / "sql" / "truth"
TABLES = ("orders", "order_lines", "refunds")


def write_truth(company: Company, folder: Path, advance: Advance) -> Written:
    """Write Parquet of every sub-channel, one file a chunk, and `expected.json`."""
    for table in (*TABLES, "products"):
        (folder / table).mkdir()
    cursor = company.cursor()
    cursor.execute(
        f"copy (select * exclude (reasons) from products order by product_no) "
        f"to '{_path(folder, 'products', 'products')}' (format parquet)"
    )
    for sub_channel in SUB_CHANNELS:
        set_variables(cursor, sub_channel)
        for number, chunk in enumerate(company.chunks(sub_channel)):
            company.fill(cursor, chunk)
            for table in TABLES:
                sql = (_SQL_DIR / f"{table}.sql").read_text(encoding="utf-8")
                target = _path(folder, table, f"{sub_channel.code}-{number:04d}")
                cursor.execute(f"copy ({sql}) to '{target}' (format parquet, compression zstd)")
            advance(chunk.drawn_orders)
    cursor.close()
    written = write_files(company, None, advance)
    (folder / "expected.json").write_text(
        json.dumps(written.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return written


def _path(folder: Path, table: str, name: str) -> str:
    return str(folder / table / f"{name}.parquet").replace("'", "''")
