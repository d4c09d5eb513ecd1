"""Writes results and failures in the shapes of the API and of its downloads."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from demo.metabase.database import Column, Running
from demo.metabase.errors import QueryError
from demo.metabase.options import Options
from demo.metabase.parameters import Compiled
from demo.metabase.presentation import present
from demo.metabase.requests import Question
from demo.metabase.transport import Stream
from demo.metabase.values import api_json_row, csv_text, download_json_rows, download_printers

Rows = list[tuple[Any, ...]]
_CONTENT_TYPES = {
    None: "application/json;charset=utf-8",
    "json": "application/json;charset=utf-8",
    "csv": "text/csv",
}


@dataclass(frozen=True)
class Execution:
    """What an answer says about its query. Times are text, `running_time` milliseconds."""

    question: Question
    compiled: Compiled | None
    started_at: str
    running_time: int = 0


def headers(question: Question, started_at: str) -> dict[str, str]:
    """Return the headers of a result."""
    found = {"Content-Type": _CONTENT_TYPES[question.download], "Cache-Control": "max-age=0"}
    if question.download:
        name = f"query_result_{started_at}.{question.download}"
        found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found


def write_result(
    stream: Stream,
    execution: Execution,
    running: Running,
    batches: Iterable[Rows],
    options: Options,
    *,
    says_truncated: bool,
    is_ended: bool = True,
) -> None:
    """Write a result as its rows come; one that is not `is_ended` stops after the last row.

    Errors: QueryError when a row can't be computed.
    """
    if execution.question.download is None:
        _write_api(stream, execution, running, batches, options, says_truncated, is_ended)
        return
    shown = present(running.columns, execution.question.settings)
    printers = download_printers(
        [running.columns[place] for place in shown.places],
        options.zone,
        format_rows=execution.question.format_rows,
        is_csv=execution.question.download == "csv",
    )
    if execution.question.download == "csv":
        stream.write(csv_text([shown.titles]))
        for rows in batches:
            stream.write(csv_text(shown.rows(rows), printers))
        return
    stream.write("[")
    lines = (
        line
        for rows in batches
        for line in download_json_rows(shown.titles, shown.rows(rows), printers)
    )
    _write_joined(stream, lines, ",\n")
    if is_ended:
        stream.write("]")


def _write_api(
    stream: Stream,
    execution: Execution,
    running: Running,
    batches: Iterable[Rows],
    options: Options,
    says_truncated: bool,
    is_ended: bool,
) -> None:
    printed = api_json_row(options.zone)
    stream.write('{"data":{"rows":[')
    _write_joined(stream, (printed(row) for rows in batches for row in rows), ",")
    if not is_ended:
        return
    data: dict[str, Any] = {
        "cols": [_column_json(column) for column in running.columns],
        "native_form": execution.compiled.as_json() if execution.compiled else None,
        "results_timezone": options.report_timezone,
        "insights": None,
    }
    if says_truncated and running.row_count == options.row_limit:
        data["rows_truncated"] = options.row_limit
    rest = {
        "cached": None,
        "database_id": options.database_id,
        "started_at": execution.started_at,
        "json_query": execution.question.json_query,
        "average_execution_time": None,
        "status": "completed",
        "context": execution.question.context,
        "row_count": running.row_count,
        "running_time": execution.running_time,
    }
    stream.write(f"],{_inner(data)}}},{_inner(rest)}}}")


def failure(error: QueryError, execution: Execution, options: Options) -> dict[str, Any]:
    """Return the body of a failed query; downloads leave the query itself out."""
    body: dict[str, Any] = {
        "database_id": options.database_id,
        "started_at": execution.started_at,
        "error_type": error.kind,
        "json_query": execution.question.json_query,
        "native": execution.compiled.as_json() if execution.compiled else None,
        "status": "failed",
        "class": error.java_class,
        "stacktrace": ["query_processor.middleware.catch_exceptions$fn.invoke"],
        "context": execution.question.context,
        "error": error.message,
        "row_count": 0,
        "running_time": 0,
        "preprocessed": {},
        "data": {"rows": [], "cols": []},
    }
    if error.sql_state is not None:
        body["state"] = error.sql_state
    if execution.question.download is not None:
        body = {
            key: value for key, value in body.items() if key not in ("json_query", "preprocessed")
        }
    return body


def half(rows: Sequence[tuple[Any, ...]]) -> Rows:
    """Return the first half of the rows, rounded down."""
    return list(rows[: len(rows) // 2])


def _column_json(column: Column) -> dict[str, Any]:
    return {
        "display_name": column.title,
        "source": "native",
        "field_ref": ["field", column.name, {"base-type": column.base_type}],
        "name": column.name,
        "base_type": column.base_type,
        "effective_type": column.base_type,
    }


def _write_joined(stream: Stream, lines: Iterator[str], separator: str) -> None:
    for place, line in enumerate(lines):
        stream.write(separator + line if place else line)


def _inner(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[1:-1]
