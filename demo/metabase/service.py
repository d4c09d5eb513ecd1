"""Answers one query request: faults first, then the query for real, then its shape and its code."""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

import duckdb

from demo.metabase.answers import Execution, Rows, failure, half, headers, write_result
from demo.metabase.changes import Changes
from demo.metabase.database import Running, count_rows, run
from demo.metabase.errors import QueryError, Refusal
from demo.metabase.faults import Faults
from demo.metabase.options import Options
from demo.metabase.parameters import Compiled, compile_native
from demo.metabase.requests import Question
from demo.metabase.transport import Stream

_LIMIT = re.compile(r"\blimit\s+\d+", re.IGNORECASE)
_GATEWAY_TIMEOUT = (
    "<html><head><title>504 Gateway Time-out</title></head>"
    "<body><center><h1>504 Gateway Time-out</h1></center></body></html>"
)


class Reply(Protocol):
    """The HTTP side of an answer."""

    def stream(self, status: int, headers: dict[str, str]) -> Stream:
        """Return a body of unknown length; its head is sent with its first bytes."""

    def whole(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        """Send a body at once: text as it is, anything else as JSON."""

    @property
    def accepts_gzip(self) -> bool:
        """Tell whether the client can read gzip."""


@dataclass
class Service:
    """Runs questions against the shop."""

    shop: duckdb.DuckDBPyConnection
    options: Options
    faults: Faults
    changes: Changes

    def answer(self, question: Question, started_at: str, reply: Reply) -> None:
        """Answer a question. Errors: Refusal for what is not a matter of the query."""
        self._refuse(question)
        execution = Execution(question, None, started_at)
        begun = time.monotonic()
        try:
            compiled = compile_native(question.native, question.parameters)
            execution = replace(execution, compiled=compiled)
            self._fail_in_body(question, execution, reply)
            self._time_out(compiled)
            running = run(self.shop, compiled, self._most_rows(question))
        except QueryError as error:
            self.fail(error, execution, reply)
            return
        except _Answered:
            return
        milliseconds = int((time.monotonic() - begun) * 1000)
        try:
            self._send(replace(execution, running_time=milliseconds), running, reply)
        finally:
            running.close()

    def fail(self, error: QueryError, execution: Execution, reply: Reply) -> None:
        """Answer with a failed query, by the code of the generation."""
        body = failure(error, execution, self.options)
        if self.options.generation > 1:
            reply.whole(error.status, body)
        elif execution.question.download:
            # The head of a download was decided before the query ran.
            reply.whole(200, body, headers(execution.question, execution.started_at))
        else:
            reply.whole(202, body)

    def _refuse(self, question: Question) -> None:
        if (seconds := self.faults.number("slow")) is not None:
            self.faults.note("slow")
            time.sleep(seconds)
        for name, status, body in (
            ("http_400", 400, {"message": "Invalid query."}),
            ("http_403", 403, "You don't have permissions to do that."),
            ("http_404", 404, "Not found."),
            ("http_500", 500, {"message": "Internal server error", "cause": None}),
            (
                "http_503_pool",
                503,
                {"message": "Timed out waiting for a connection to the data warehouse."},
            ),
        ):
            if self.faults.strikes(name):
                raise Refusal(status, body)
        if question.download and self.faults.strikes("downloads_forbidden"):
            raise Refusal(403, "You don't have permissions to do that.")
        if self.faults.strikes("rows_change_during_extraction"):
            self.changes.happen()

    def _fail_in_body(self, question: Question, execution: Execution, reply: Reply) -> None:
        for name, status in (("error_in_200", 200), ("error_in_202", 202)):
            if self.faults.strikes(name):
                error = QueryError(
                    "An I/O error occurred while sending to the backend.",
                    "invalid-query",
                    "class org.postgresql.util.PSQLException",
                    "08006",
                )
                head = headers(question, execution.started_at) if question.download else None
                reply.whole(status, failure(error, execution, self.options), head)
                raise _Answered

    def _time_out(self, compiled: Compiled) -> None:
        """Fail a query that reads too much: its rows are counted as if it had no limit."""
        for name in ("query_timeout", "proxy_timeout"):
            number = self.faults.number(name)
            if number is None:
                continue
            most = int(number)
            if (
                count_rows(self.shop, replace(compiled, sql=_LIMIT.sub("", compiled.sql)), most)
                > most
            ):
                self.faults.note(name)
                if name == "proxy_timeout":
                    raise Refusal(504, _GATEWAY_TIMEOUT, {"Content-Type": "text/html"})
                raise QueryError("Timed out after 20.0 minutes.", "timed-out", sql_state="57014")

    def _most_rows(self, question: Question) -> int:
        most = self.options.export_row_limit if question.download else self.options.row_limit
        silent = self.faults.number("silent_cap")
        return most if silent is None else min(most, int(silent))

    def _send(self, execution: Execution, running: Running, reply: Reply) -> None:
        batches: Iterable[Rows] = running.batches()
        stream = reply.stream(self._ok(execution.question), self._headers(execution))
        end = None
        try:
            if self.faults:
                rows = list(chain.from_iterable(batches))
                end = self._end(execution.question, rows, reply)
                batches = [half(rows) if end in _ENDS_HALF_WAY else rows]
            write_result(
                stream,
                execution,
                running,
                batches,
                self.options,
                says_truncated=self.faults.number("silent_cap") is None,
                is_ended=end not in _ENDS_HALF_WAY,
            )
        except QueryError as error:
            self._fail_late(error, execution, stream, reply)
            return
        if end == "cut_stream":
            stream.cut()
            return
        if end == "csv_json_error_tail":
            stream.write(self._late_error(execution))
        stream.finish(with_gzip_end=end != "gzip_cut")
        if self.faults.number("silent_cap") == running.row_count:
            self.faults.note("silent_cap")

    def _end(self, question: Question, rows: Rows, reply: Reply) -> str | None:
        """Return the fault by which this body ends, if any; an empty result has nothing to cut."""
        if not rows:
            return None
        for name, can_happen in (
            ("csv_json_error_tail", question.download == "csv"),
            ("cut_stream", True),
            ("quiet_cut", True),
            ("gzip_cut", reply.accepts_gzip),
        ):
            if can_happen and self.faults.strikes(name):
                return name
        return None

    def _fail_late(
        self, error: QueryError, execution: Execution, stream: Stream, reply: Reply
    ) -> None:
        """Fail after the rows have begun: by the code if that is still possible."""
        if not stream.has_begun:
            stream.discard()
            self.fail(error, execution, reply)
        elif self.options.generation == 3:
            stream.cut()
        else:
            stream.write(json.dumps(failure(error, execution, self.options)))
            stream.finish()

    def _late_error(self, execution: Execution) -> str:
        error = QueryError(
            "ERROR: terminating connection due to administrator command",
            "invalid-query",
            "class org.postgresql.util.PSQLException",
            "57P01",
        )
        return json.dumps(failure(error, execution, self.options))

    def _ok(self, question: Question) -> int:
        return 200 if question.download else 202

    def _headers(self, execution: Execution) -> dict[str, str]:
        return headers(execution.question, execution.started_at)


_ENDS_HALF_WAY = ("csv_json_error_tail", "cut_stream", "quiet_cut")


class _Answered(Exception):
    """A fault has answered already."""
