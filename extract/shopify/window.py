"""From when to when: the watermark of earlier runs, and what it leaves to be read again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from extract.errors import ExtractError
from extract.manifest import RUN_PREFIX, Manifest, Window
from extract.settings import Settings
from extract.shopify.tables import RETURNS, SOURCE_NAME

_OPEN_STATES = ("OPEN", "REQUESTED")


@dataclass(frozen=True)
class ReadWindow:
    """Half open `[since, until)` on `updated_at`, whole seconds UTC; no `since` is everything.

    `is_first` says that no earlier run covers what is asked for, so that all of it is read.
    """

    since: datetime | None
    until: datetime
    is_first: bool

    @property
    def search(self) -> str:
        """The window as a search of Shopify's. Unquoted times would be split at their colons."""
        return " ".join(self._terms())

    def _terms(self) -> Iterator[str]:
        if self.since is not None:
            yield f"updated_at:>='{moment(self.since)}'"
        yield f"updated_at:<'{moment(self.until)}'"

    def as_manifest(self) -> Window:
        """Return the window as a manifest keeps it."""
        since = None if self.since is None else moment(self.since)
        return Window(since=since, until=moment(self.until))


def moment(when: datetime) -> str:
    """Write a moment as Shopify does, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_window(
    settings: Settings, manifests: Sequence[Manifest], origin: str, now: datetime
) -> ReadWindow:
    """Decide the window of this run.

    When what is covered begins later than what is asked for (SHOPIFY_SINCE was moved back, or
    older orders became visible), the first load is done again. Errors: ExtractError for a start
    that lies ahead.
    """
    asked = as_utc(settings.shopify_since)
    until = now.astimezone(UTC).replace(microsecond=0)
    if asked is not None and asked >= until:
        raise ExtractError(
            f"SHOPIFY_SINCE: {moment(asked)} has not come yet; the shop's clock says "
            f"{moment(until)}"
        )
    covered = [
        manifest.window_covered
        for manifest in manifests
        if manifest.origin == origin and manifest.window_covered is not None
    ]
    ends = [datetime.fromisoformat(window.until) for window in covered if window.until]
    if not ends:
        return ReadWindow(asked, until, is_first=True)
    starts = [datetime.fromisoformat(window.since) if window.since else None for window in covered]
    known = [start for start in starts if start is not None]
    reaches_back = len(known) < len(starts) or (asked is not None and min(known) <= asked)
    if not reaches_back:
        return ReadWindow(asked, until, is_first=True)
    since = max(ends) - timedelta(hours=settings.shopify_lookback_hours)
    return ReadWindow(since, until, is_first=False)


def open_returns(raw_dir: Path, manifests: Sequence[Manifest], store: str) -> dict[str, str]:
    """Return the returns of a store that were open when they were last read, with their order."""
    found: dict[str, str] = {}
    for manifest in manifests:
        path = raw_dir / SOURCE_NAME / f"{RUN_PREFIX}{manifest.run_id}" / f"{RETURNS.name}.parquet"
        if manifest.tables[RETURNS.name].rows == 0:
            continue
        columns = ["store", "order_id", "return_id", "status"]
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=columns):
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    owner, order_id, return_id, status = row
                    if owner != store:
                        continue
                    if status in _OPEN_STATES:
                        found[return_id] = order_id
                    else:
                        found.pop(return_id, None)
    return found


def as_utc(when: datetime | None) -> datetime | None:
    """Return a setting as a whole second in UTC, which is what one without a zone is in."""
    if when is None:
        return None
    return (
        (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    )
