"""Rates over HTTP where the network allows, and the owner's own file beside them."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from http_stub import serving

from extract.errors import ExtractError
from extract.rates import source
from extract.runner import run_rates
from extract.settings import Settings

KNOWN = b"Date,USD,JPY,\n2026-10-30,1.1,N/A,\n2026-10-29,1.20,150,\n"
HISTORY = (
    b"Date,USD,JPY,\n2026-11-02,1.0300,161.5,\n2026-11-01,1.02,160,\n"
    b"2026-10-30,1.1,N/A,\n2026-10-29,1.2,150,\n"
)
OWN = "date,currency,usd_per_unit\n2026-01-01,KWD,3.2571\n2026-01-01,EGP,0.0206\n"


@pytest.fixture(autouse=True)
def _small_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = source.RateFile("x.csv", KNOWN, datetime(2026, 10, 30, 16, tzinfo=UTC))
    monkeypatch.setattr(source, "fetch_rate_file", lambda: wheel)


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("eurofxref-hist.csv", (2026, 11, 2, 16, 0, 0)), content)
    return packed.getvalue()


@contextmanager
def _serving(body: bytes, status: int = 200, announced: int | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(announced or len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as address:
        yield f"{address}/hist.zip?key=word"


def _rows(raw: Path, table: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for path in sorted(raw.glob(f"rates/run=*/{table}.parquet")):
        found = pq.read_table(path, partitioning=None)
        rows += list(zip(*(found.column(at).to_pylist() for at in range(3)), strict=True))
    return rows


def test_a_fresher_history_takes_the_place_of_the_wheel(tmp_path: Path) -> None:
    with _serving(_zipped(HISTORY)) as url:
        summary = run_rates(Settings(raw_dir=tmp_path, rates_url=url))
        again = run_rates(Settings(raw_dir=tmp_path, rates_url=url))
    assert summary.rows["ecb_rates"] == 7
    assert again.rows["ecb_rates"] == 0
    assert ("2026-11-02", "USD", "1.0300") in _rows(tmp_path, "ecb_rates")
    assert not summary.warnings
    assert summary.manifest and summary.manifest.files[0].container == "127.0.0.1"


def test_a_day_without_a_network_undoes_nothing(tmp_path: Path) -> None:
    with _serving(_zipped(HISTORY)) as url:
        run_rates(Settings(raw_dir=tmp_path, rates_url=url))
    summary = run_rates(Settings(raw_dir=tmp_path, rates_url=url))
    assert summary.rows["ecb_rates"] == 0
    assert len(summary.warnings) == 1


@pytest.mark.parametrize("url", ["nonsense", "http://[::1", "http://a..b/", "ftp://127.0.0.1/x"])
def test_an_address_that_is_none_is_a_warning(tmp_path: Path, url: str) -> None:
    summary = run_rates(Settings(raw_dir=tmp_path, rates_url=url))
    assert summary.rows["ecb_rates"] == 3
    [warning] = summary.warnings
    assert "was not reached" in warning


_PACKED = _zipped(HISTORY)


def _flagged(at: int, value: int) -> bytes:
    """Change a field of both headers of the archive's member; it lies `at` in the first."""
    packed = bytearray(_PACKED)
    packed[at] = value
    packed[packed.index(b"PK\x01\x02") + at + 2] = value
    return bytes(packed)


@pytest.mark.parametrize(
    ("body", "status", "announced", "says"),
    [
        (b"<html>a proxy's page</html>", 200, None, "did not send the archive"),
        (_PACKED[:-30], 200, None, "did not send the archive"),
        (_PACKED[:-30], 200, len(_PACKED), "127.0.0.1 "),
        (_PACKED, 503, None, "status 503"),
        (_flagged(6, 1), 200, None, "did not send the archive"),
        (_flagged(8, 99), 200, None, "did not send the archive"),
        (_zipped(b""), 200, None, "another shape"),
        (_zipped(b"Day,USD,\n2031-01-01,1,\n"), 200, None, "another shape"),
        (_zipped(b"Date,USD,\n"), 200, None, "another shape"),
        (_zipped(b"Date,USD,\n2031-01-01,1,2,3\n"), 200, None, "another shape"),
        (_zipped(HISTORY.replace(b"2026", b"2001")), 200, None, "ends earlier, 2001-11-02"),
        (_zipped(HISTORY[: HISTORY.index(b"2026-10-30")]), 200, None, "lacks or changes 3 of 3"),
        (_zipped(HISTORY.replace(b"150", b"0.0067")), 200, None, "lacks or changes 1 of 3"),
        (_zipped(HISTORY.replace(b"USD", b"US")), 200, None, "lacks or changes 2 of 3"),
        (_zipped(HISTORY.replace(b"JPY", b"USD")), 200, None, "two rates for one day"),
        (_zipped(HISTORY.replace(b"161.5", b"n.a.")), 200, None, "days or rates that are none"),
        (_zipped(HISTORY.replace(b"161.5", b"0.0")), 200, None, "days or rates that are none"),
        (_zipped(HISTORY.replace(b"2026-11-01", b"2026-11-31")), 200, None, "days or rates that"),
    ],
)
def test_a_refresh_that_fails_is_a_warning_and_the_wheel_stays(
    tmp_path: Path, body: bytes, status: int, announced: int | None, says: str
) -> None:
    with _serving(body, status, announced) as url:
        summary = run_rates(Settings(raw_dir=tmp_path, rates_url=url))
    assert summary.rows["ecb_rates"] == 3
    [warning] = summary.warnings
    assert says in warning and "to 2026-10-30" in warning
    assert "word" not in warning


def test_the_owners_rates_land_once_a_content(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    settings = Settings(raw_dir=tmp_path / "raw", rates_file=file)
    counts = []
    for content in (OWN, OWN, OWN + "2026-02-01,KWD,3.26\n", "\ufeff" + OWN.replace(",", " , ")):
        file.write_text(content, encoding="utf-8")
        counts.append(run_rates(settings).rows)
    assert [rows["owner_rates"] for rows in counts] == [2, 0, 3, 2]
    assert [rows["ecb_rates"] for rows in counts] == [3, 0, 0, 0]
    assert _rows(tmp_path / "raw", "owner_rates")[:2] == [
        ("2026-01-01", "KWD", "3.2571"),
        ("2026-01-01", "EGP", "0.0206"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("day,currency,rate\n", "must begin with the line date,currency,usd_per_unit"),
        ("", "must begin with the line"),
        ("date,currency,usd_per_unit\n", "has no rates"),
        (OWN + "2026-13-01,KWD,3\n", "line 4: the date is not like"),
        (OWN + "20260101,KWD,3\n", "line 4: the date is not like"),
        (OWN + "2026-02-01,kwd,3\n", "line 4: the currency is not three capital letters"),
        (OWN + '2026-02-01,KWD,"3,2"\n', "line 4: usd_per_unit is not a number"),
        (OWN + "2026-02-01,KWD,0.00\n", "line 4: usd_per_unit is not a number above zero"),
        (OWN + "2026-02-01,KWD,-1\n", "line 4: usd_per_unit is not a number above zero"),
        (OWN + "2026-02-01,KWD\n", "line 4: 2 values instead of 3"),
        (OWN + "2026-01-01,KWD,3.2\n", "line 4: KWD has two rates a day"),
        (None, "can't be read"),
    ],
)
def test_a_bad_line_of_the_owners_file_stops_the_run(
    tmp_path: Path, content: str | None, says: str
) -> None:
    file = tmp_path / "rates.csv"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ExtractError, match=says) as caught:
        run_rates(Settings(raw_dir=tmp_path / "raw", rates_file=file))
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "raw" / "rates").glob("run=*"))
