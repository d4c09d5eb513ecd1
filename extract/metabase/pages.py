"""Pages of a window, each below every row limit, by whichever way the server lets us read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from extract.errors import ExtractError
from extract.metabase.answers import (
    Answer,
    check_columns,
    check_order,
    check_values,
    comparable,
    read_answer,
    read_export,
    shape_rows,
)
from extract.metabase.client import Client
from extract.metabase.faults import NotAllowed, Refused
from extract.metabase.queries import EARLIEST, Key, Query, Request, Span, moment_text
from extract.metabase.tables import CHANGED_AT

# Metabase cuts plain answers at 2,000 rows without a word that a script would notice.
ANSWER_ROWS = 1_999
_KNOWN_LIMITS = (2_000, 10_000, 1_000_000, 1_048_575)
# Nobody's rows: asks for the columns of a query and costs the database nothing.
_NO_TIME = Span(EARLIEST, EARLIEST.replace(second=1))


@dataclass(frozen=True)
class Count:
    """An independent count of a window, and the seconds of its first and last change."""

    rows: int
    first: str | None = None
    last: str | None = None


class Shop:
    """One database behind Metabase.

    Large pages come as CSV exports. Where exports are closed to us, small ones come as answers;
    `warn` hears of that once.
    """

    def __init__(
        self, client: Client, database_id: int, page_rows: int, warn: Callable[[str], None]
    ) -> None:
        self._client = client
        self._database_id = database_id
        self._page_rows = page_rows
        self.warn = warn
        self._may_export = True

    @property
    def page_rows(self) -> int:
        """Most rows of a page as of now; shrinks when the server shows a lower limit."""
        return self._page_rows if self._may_export else min(self._page_rows, ANSWER_ROWS)

    def check(self, query: Query) -> None:
        """Hold a query's columns against its declaration without reading a row.

        Errors: ExtractError.
        """
        check_columns(query, self._answer(query, query.page(_NO_TIME, Key(), 1)))

    def check_exports(self, query: Query) -> None:
        """See by an export without rows whether exports are open, as windows are cut by that.

        Errors: ExtractError, or TookTooLong.
        """
        self._page(query, query.page(_NO_TIME, Key(), 1))

    def count(self, query: Query, span: Span) -> Count:
        """Count a window's rows, by a query of its own.

        Errors: ExtractError, or TookTooLong.
        """
        answer = self._answer(query, query.count(span))
        try:
            rows, first, last = answer.rows[0]
            return Count(int(rows), first, last)
        except (IndexError, TypeError, ValueError):
            raise ExtractError(
                f"{query.path.name}: counting its rows gave no number; is METABASE_URL Metabase?"
            ) from None

    def pages(self, query: Query, span: Span, expected: int) -> Iterator[pa.RecordBatch]:
        """Read a window to its end: until a short page, and never less than was counted.

        A short page with rows outstanding is a limit of the server's: the next page begins
        behind it and is smaller. Whether all came is for the caller to count.
        Errors: ExtractError, or TookTooLong.
        """
        since, until = _comparable(span)
        after, rows, cut_before = Key(), 0, 0
        seen: list[pa.Array] = []
        while True:
            asked = self.page_rows
            page = self._page(query, query.page(span, after, asked))
            asked = min(asked, self.page_rows)
            if not page:
                break
            ids: list[pa.Array] = []
            for batch in page:
                check_values(query, batch)
                since = check_order(query, batch, since, until)
                ids.append(batch.column(query.table.key))
                yield batch
            got = sum(batch.num_rows for batch in page)
            if got > asked:
                raise ExtractError(
                    f"{query.path.name}: {got:,} rows came where {asked:,} were asked for; "
                    "limit them to {{page_size}}"
                )
            rows += got
            seen += ids
            if rows > expected or (got < asked and rows == expected):
                break
            if got < asked:
                # Below a limit that the server is seen to have, pages are not cut any more.
                if got in (*_KNOWN_LIMITS, cut_before):
                    self._page_rows = max(got - 1, 1)
                cut_before = got
            last = page[-1].slice(page[-1].num_rows - 1)
            after = Key(last.column(CHANGED_AT)[0].as_py(), last.column(query.table.key)[0].as_py())
        # As many rows as were counted prove nothing while one comes twice and another never.
        if rows == expected and len(pc.unique(pa.chunked_array(seen, pa.string()))) != rows:
            raise ExtractError(
                f"{query.path.name}: the same {query.table.key} came twice in one window; let the "
                f"SQL return each once, ordered by {CHANGED_AT} and by the key as it is compared"
            )

    def _page(self, query: Query, request: Request) -> list[pa.RecordBatch]:
        if self._may_export:
            try:
                batches = self._client.post(
                    "/api/dataset/csv",
                    {
                        "query": request.native(self._database_id),
                        "format_rows": False,
                        "pivot_results": False,
                        "visualization_settings": {},
                    },
                    lambda response: list(read_export(response, query)),
                )
                return [batch for batch in batches if batch.num_rows]
            except NotAllowed as fault:
                self._may_export = False
                self.warn(
                    f"exports are closed to this user ({fault}), read in pages of "
                    f"{self.page_rows:,} rows instead, which is slower"
                )
                size = min(int(request.values["page_size"]), self.page_rows)
                request = replace(request, values={**request.values, "page_size": size})
            except Refused as fault:
                raise _refused(query, fault) from None
        batch = shape_rows(self._answer(query, request), query)
        return [batch] if batch.num_rows else []

    def _answer(self, query: Query, request: Request) -> Answer:
        try:
            return self._client.post("/api/dataset", request.native(self._database_id), read_answer)
        except Refused as fault:
            raise _refused(query, fault) from None
        except NotAllowed as fault:
            raise ExtractError(
                f"METABASE_DATABASE_ID {self._database_id}: may not be queried ({fault}); let "
                "the user's group run native queries on it, and check METABASE_URL"
            ) from None


def _refused(query: Query, fault: Refused) -> ExtractError:
    return ExtractError(f"{query.path}: the database refused the query: {fault}")


def _comparable(span: Span) -> tuple[str, str]:
    texts = pa.array([moment_text(span.since), moment_text(span.until)])
    since, until = comparable(texts).to_pylist()
    return since, until
