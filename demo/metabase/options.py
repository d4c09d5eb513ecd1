"""How a server behaves: its version, its limits and its time zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from demo.errors import DemoError

GENERATIONS = (1, 2, 3)
UNAGGREGATED_ROW_LIMIT = 2_000
"""Most rows of a native query through `/api/dataset`, unless a setting says otherwise."""

AGGREGATED_ROW_LIMIT = 10_000
"""What that setting is often raised to, after the limit of aggregated questions."""

EXPORT_ROW_LIMIT = 1_048_575
"""Most rows of any download. Nothing says that it was reached."""


@dataclass(frozen=True)
class Card:
    """A saved question. `settings` are its visualization settings."""

    name: str
    query: str
    template_tags: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def native(self) -> dict[str, Any]:
        """Return the inner query as the API writes it."""
        return {"query": self.query, "template-tags": dict(self.template_tags)}


EXAMPLE_CARDS = {
    1: Card(
        "Money paid back",
        "select currency, count(*) as refunds, sum(amount) as subunits from refunds "
        "where status = 'refunded' [[and currency = {{currency}}]] "
        "group by currency order by currency",
        {
            "currency": {
                "id": "6b2f1c52-0c9a-4a31-8f0e-2d7a1f3e9b10",
                "name": "currency",
                "display-name": "Currency",
                "type": "text",
            }
        },
    )
}


@dataclass(frozen=True)
class Options:
    """Settings of a server.

    `generation` is that of the status codes: 1 answers a failed query 202 (downloads 200), 2 by its
    code unless the body has begun, then the error ends the body; 3 as 2, but cuts the connection.
    Limits are in rows. `format_rows` is what a download does when the request does not say; None
    is what the generation does: only the CSV of the first formats.
    Errors: DemoError for an unknown generation or time zone, or a limit below one row.
    """

    generation: int = 2
    row_limit: int = UNAGGREGATED_ROW_LIMIT
    export_row_limit: int = EXPORT_ROW_LIMIT
    report_timezone: str = "UTC"
    format_rows: bool | None = None
    session_minutes: float = 20_160
    database_id: int = 2
    cards: Mapping[int, Card] = field(default_factory=lambda: EXAMPLE_CARDS)

    def __post_init__(self) -> None:
        if self.generation not in GENERATIONS:
            raise DemoError(f"generation {self.generation} is none of {GENERATIONS}")
        if min(self.row_limit, self.export_row_limit) < 1:
            raise DemoError("a row limit is at least one row")
        try:
            ZoneInfo(self.report_timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise DemoError(f"there is no time zone {self.report_timezone!r}") from error

    @property
    def zone(self) -> ZoneInfo:
        """Return the report's time zone."""
        return ZoneInfo(self.report_timezone)
