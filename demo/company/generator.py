"""The made-up company: orders, lines and returns of any days of any place of sale, on demand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from demo.company.catalogue import build_catalogue
from demo.company.channels import MARKETPLACES, SUB_CHANNELS, SubChannel
from demo.company.draws import limit
from demo.company.period import AS_OF, FIRST_DAY
from demo.company.setup import MEAN_LINES, fill_tables, weekday_orders
from demo.company.stories import MIN_LINES, planned_orders

SQL_DIR = Path(__file__).parent / "sql"
CHUNK_ORDERS = 60_000
"""Most orders that are held in memory at once, unless one day has more."""

_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Chunk:
    """Consecutive days [first_day, end_day) of one sub-channel, UTC."""

    sub_channel: SubChannel
    first_day: date
    end_day: date
    drawn_orders: int


class Company:
    """One company of a given size and seed.

    `lines` is the number of order lines over the seven marketplaces, about; the Shopify shop and
    desertcart come on top by their own shares. Same seed and size, same company.

    `fill` computes a chunk into three temporary tables of the cursor it is given: `chunk_orders`
    (one row an order), `chunk_lines` (one row an order line), `chunk_returns` (one row a return or
    refund of a line). Their moments are UTC, their amounts whole numbers of the currency's
    smallest unit.

    `threads` is for each statement; callers that fill side by side use cursors and leave it at one.
    Errors: ValueError when `lines` is below MIN_LINES, the size that the stories need.
    """

    def __init__(
        self,
        lines: int,
        seed: int,
        *,
        with_stories: bool = True,
        memory_limit: str = "500MB",
        temp_dir: Path | None = None,
        threads: int = 1,
    ) -> None:
        if lines < MIN_LINES:
            raise ValueError(f"the company needs at least {MIN_LINES:,} lines, not {lines:,}")
        self.lines = lines
        self.seed = seed
        self.with_stories = with_stories
        self.orders = _drawn_orders(lines, with_stories)
        self.products = build_catalogue(seed, with_stories=with_stories)
        self._statements = {
            name: (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")
            for name in ("orders", "lines", "returns")
        }
        self.connection = duckdb.connect(config={"memory_limit": memory_limit, "threads": threads})
        # In memory, but a chunk that outgrows the limit must find a place to spill to.
        self.connection.execute(f"set temp_directory = '{temp_dir or ''}'")
        for statement in (SQL_DIR / "macros.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                self.connection.execute(statement)
        fill_tables(self.connection, self.products, self.orders, with_stories=with_stories)

    def __enter__(self) -> "Company":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own for one thread; temporary tables are not shared."""
        return self.connection.cursor()

    def chunks(self, sub_channel: SubChannel, most_orders: int = CHUNK_ORDERS) -> Iterator[Chunk]:
        """Cut the period into runs of whole days of at most so many orders, one day at least."""
        first, held = 0, 0
        counts = weekday_orders(sub_channel, self.orders[sub_channel.code])
        for index, count in enumerate(counts):
            if held and held + count > most_orders:
                yield _chunk(sub_channel, first, index, held)
                first, held = index, 0
            held += count
        yield _chunk(sub_channel, first, len(counts), held)

    def fill(self, cursor: duckdb.DuckDBPyConnection, chunk: Chunk) -> None:
        """Compute the chunk into `chunk_orders`, `chunk_lines` and `chunk_returns`."""
        number = chunk.sub_channel.number
        values: dict[str, Any] = {
            "sub_channel_no": number,
            "first_day": chunk.first_day,
            "end_day": chunk.end_day,
            "as_of": AS_OF.replace(tzinfo=None),
            "line_cancelled_limit": limit(chunk.sub_channel.line_cancelled_share),
            "knows_customers": chunk.sub_channel.knows_customers,
            **{
                f"{stream}_stream": f"{self.seed}:{stream}:{number}:"
                for stream in ("order", "customer", "line", "return")
            },
        }
        # Dropped first, or the old rows and the new ones would be held at the same time.
        for name in self._statements:
            cursor.execute(f"drop table if exists temp.chunk_{name}")
        for statement in self._statements.values():
            used = set(_PARAMETER.findall(statement))
            cursor.execute(statement, {name: values[name] for name in used})


def _chunk(sub_channel: SubChannel, first: int, end: int, held: int) -> Chunk:
    return Chunk(
        sub_channel, FIRST_DAY + timedelta(days=first), FIRST_DAY + timedelta(days=end), held
    )


def _drawn_orders(lines: int, with_stories: bool) -> dict[str, int]:
    """Return how many orders are drawn for each sub-channel; what is planted comes off first."""
    planted = dict.fromkeys((one.code for one in SUB_CHANNELS), 0)
    if with_stories:
        for order in planned_orders():
            planted[order.sub_channel] += len(order.lines)
    assert abs(sum(one.lines_share for one in MARKETPLACES) - 1) < 1e-9
    return {
        one.code: max(round((lines * one.lines_share - planted[one.code]) / MEAN_LINES), 1)
        for one in SUB_CHANNELS
    }
