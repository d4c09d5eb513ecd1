"""Turns the company into the drop folder of seven marketplaces, one file a report and month."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from demo.company import AS_OF, MARKETPLACES, Chunk, Company, SubChannel
from demo.reports.corrections import deliver_corrections, deliver_twice
from demo.reports.files import FileFacts, ReportFile
from demo.reports.plan import MONTHS, Header, Report, delivered_at, quirk_of, reports_of

REPORTS_DIR = Path(__file__).parent / "reports"
WORKERS = 2
_ROWS_AT_ONCE = 20_000

Advance = Callable[[int], None]
"""Told how many more orders are done."""


@dataclass
class Written:
    """What lies in the drop folder, and what it says.

    `files` are in the order of their paths. `totals` has one entry a sub-channel and currency:
    counts, and amounts as text in the currency's major unit, from `reports/expected.sql`. Only what
    counts is in it: the second copy of a file and the first version of a corrected one are not.
    OnBuy's refunds can't say that a parcel never arrived, so there a warehouse finds
    `units_undelivered` among the units refunded; Walmart says it by the reason alone.
    """

    files: list[FileFacts] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {"files": [facts.as_json() for facts in self.files], "totals": self.totals}


def write_files(company: Company, root: Path | None, advance: Advance) -> Written:
    """Write every report of every marketplace below `root`; None counts and writes nothing.

    Sub-channels are written side by side. Whatever stops one stops all.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(WORKERS) as pool:
        futures: list[Future[Written]] = [
            pool.submit(_write_sub_channel, company, one, root, advance, stop)
            for one in sorted(MARKETPLACES, key=lambda one: -one.lines_share)
        ]
        try:
            parts = [future.result() for future in futures]
        except BaseException:
            stop.set()
            for future in futures:
                future.cancel()
            raise
    written = Written(
        [facts for part in parts for facts in part.files],
        [total for part in parts for total in part.totals],
    )
    deliver_twice(written.files, root)
    if company.with_stories:
        deliver_corrections(written.files, root)
    written.files.sort(key=lambda facts: facts.path)
    written.totals.sort(key=itemgetter("sub_channel", "currency"))
    return written


class _Stopped(Exception):
    """Another sub-channel failed, so this one gives up."""


def _write_sub_channel(
    company: Company,
    sub_channel: SubChannel,
    root: Path | None,
    advance: Advance,
    stop: threading.Event,
) -> Written:
    cursor = company.cursor()
    set_variables(cursor, sub_channel)
    reports = reports_of(sub_channel.code)
    totals: dict[str, dict[str, Any]] = {}
    with _open_files(sub_channel, reports, root) as files:
        for chunk in company.chunks(sub_channel):
            if stop.is_set():
                raise _Stopped
            fill_written(company, cursor, chunk)
            for report in reports:
                _write_rows(cursor, report, sub_channel, files)
            _add_totals(cursor, totals)
            advance(chunk.drawn_orders)
        for (_, month), file in files.items():
            file.close(delivered_at(month))
    cursor.close()
    return Written(
        [file.facts for file in files.values() if file.is_begun],
        [_readable(sub_channel, total) for total in totals.values()],
    )


def set_variables(cursor: duckdb.DuckDBPyConnection, sub_channel: SubChannel) -> None:
    """Tell the reports' SQL whose rows it words."""
    for name, value in (
        ("sub_channel_no", sub_channel.number),
        ("sub_channel", sub_channel.code),
        ("label", sub_channel.label),
    ):
        cursor.execute(f"set variable {name} = $value", {"value": value})
    cursor.execute("set variable as_of = $value", {"value": AS_OF.replace(tzinfo=None)})


def fill_written(company: Company, cursor: duckdb.DuckDBPyConnection, chunk: Chunk) -> None:
    """Compute a chunk and the views `written_lines` and `written_returns` over it."""
    company.fill(cursor, chunk)
    for statement in _sql("written").split(";\n"):
        if statement.strip():
            cursor.execute(statement)


@contextmanager
def _open_files(
    sub_channel: SubChannel, reports: list[Report], root: Path | None
) -> Iterator[dict[tuple[str, str], ReportFile]]:
    files: dict[tuple[str, str], ReportFile] = {}
    try:
        for report in reports:
            for month in MONTHS:
                files[report.sql, month] = ReportFile(
                    root,
                    report.path(sub_channel.code, month),
                    (sub_channel.code, report.sql),
                    report.header(sub_channel.code, month),
                    report.delimiter,
                    quirk_of(sub_channel.code, report, month),
                )
        yield files
    finally:
        for file in files.values():
            file.abandon()


def _write_rows(
    cursor: duckdb.DuckDBPyConnection,
    report: Report,
    sub_channel: SubChannel,
    files: dict[tuple[str, str], ReportFile],
) -> None:
    months_of: dict[Header, list[str]] = {}
    for month in MONTHS:
        months_of.setdefault(report.header(sub_channel.code, month), []).append(month)
    sql = _sql(report.sql)
    cursor.execute(f"select * from ({sql}) limit 0")
    known = {column[0] for column in cursor.description or ()}
    for header, months in months_of.items():
        line = _line_expression(report, header, known)
        wanted = ", ".join(f"'{month}'" for month in months)
        cursor.execute(
            f"select _month, {line} from ({sql}) where _month in ({wanted}) "
            "order by _month, _sort1, _sort2, _sort3"
        )
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            for month, of_month in groupby(rows, key=itemgetter(0)):
                files[report.sql, month].write_rows([row[1] for row in of_month])


def _line_expression(report: Report, header: Header, known: set[str]) -> str:
    """Return the SQL that joins the cells of a row in the order of the header."""
    pieces: list[str] = []
    literal = ""
    for index, name in enumerate(header):
        literal += report.delimiter if index else ""
        if name not in known:
            continue
        if literal:
            pieces.append(_quoted(literal))
            literal = ""
        column = '"' + name.replace('"', '""') + '"'
        pieces.append(f"csv_cell({column})" if name in report.quoted else column)
    pieces += [_quoted(literal)] if literal else []
    # concat, unlike the operator, reads a null as nothing.
    return f"concat({', '.join(pieces)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sql(name: str) -> str:
    return (REPORTS_DIR / f"{name}.sql").read_text(encoding="utf-8")


def _add_totals(cursor: duckdb.DuckDBPyConnection, totals: dict[str, dict[str, Any]]) -> None:
    cursor.execute(_sql("expected"))
    names = [column[0] for column in cursor.description or ()]
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        total = totals.setdefault(
            row["currency"], {"currency": row["currency"], "decimals": row["decimals"]}
        )
        for name in names[2:]:
            total[name] = total.get(name, 0) + int(row[name] or 0)


def _readable(sub_channel: SubChannel, total: dict[str, Any]) -> dict[str, Any]:
    """Replace amounts in the smallest unit by decimals as text."""
    decimals = total["decimals"]
    readable: dict[str, Any] = {"sub_channel": sub_channel.code}
    for name, value in total.items():
        if name == "decimals":
            continue
        if "_minor" in name:
            digits = f"{value:0{decimals + 1}d}"
            readable[name.replace("_minor", "_amount")] = (
                f"{digits[:-decimals]}.{digits[-decimals:]}"
            )
        else:
            readable[name] = value
    return readable
