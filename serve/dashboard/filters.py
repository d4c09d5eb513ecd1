"""What is looked at: period, channel, sub-channel and category, as they stand in the URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from serve.dashboard.data import Marts

ALL = "all"
# Kept in the URL as these words, so that a shared view of the last 90 days stays one.
PERIODS = {ALL: "All time", "30d": "Last 30 days", "90d": "Last 90 days", "365d": "Last 365 days"}
_SEPARATOR = ".."
_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Filters:
    """A choice of rows. None means all; days are UTC, `since` included and `until` not."""

    since: date | None = None
    until: date | None = None
    channel: str | None = None
    sub_channel: str | None = None
    category: str | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether the marts that hold totals by channel can't answer."""
        return self.has_period or self.category is not None

    @property
    def has_period(self) -> bool:
        """Whether a period is chosen."""
        return self.since is not None or self.until is not None

    def where(self, clock: str | None = None, *, with_category: bool = True) -> str:
        """Return the conditions on columns channel, sub_channel and, if wanted, a clock."""
        parts = ["true"]
        if clock and self.since:
            parts.append(f"{clock} >= $since")
        if clock and self.until:
            parts.append(f"{clock} < $until")
        if self.channel:
            parts.append("channel = $channel")
        if self.sub_channel:
            parts.append("sub_channel = $sub_channel")
        if self.category and with_category:
            parts.append(
                "product_key in (select product_key from products "
                "where coalesce(category, '(none)') = $category)"
            )
        return " and ".join(parts)

    def values(self, sql: str, **more: Any) -> dict[str, Any]:
        """Return the parameters that a statement names, and no others."""
        known = {**vars(self), **more}
        named = set(_PARAMETER.findall(sql))
        return {name: value for name, value in known.items() if name in named}

    def text(self) -> str:
        """Say in words what is looked at."""
        period = "all time"
        if self.since and self.until:
            period = f"{self.since} to {self.until - timedelta(days=1)}"
        elif self.since:
            period = f"since {self.since}"
        elif self.until:
            period = f"until {self.until - timedelta(days=1)}"
        where = self.sub_channel or (f"{self.channel}, all" if self.channel else "all channels")
        return ", ".join([period, where, *([self.category] if self.category else [])])


@dataclass(frozen=True)
class Choices:
    """What can be chosen: sub-channels by channel, categories, and the first and last order day."""

    channels: Mapping[str, tuple[str, ...]]
    categories: tuple[str, ...]
    first_day: date | None
    last_day: date | None

    def channel_of(self, sub_channel: str | None) -> str | None:
        """Return the channel that a sub-channel belongs to."""
        for channel, sub_channels in self.channels.items():
            if sub_channel in sub_channels:
                return channel
        return None


def read_choices(marts: Marts) -> Choices:
    """Ask the marts what can be chosen."""
    channels: dict[str, list[str]] = {}
    days: list[date] = []
    for row in marts.rows(
        "select channel, sub_channel, first_ordered_at, last_ordered_at from channel_kpis "
        "where sub_channel != 'all' order by channel, sub_channel"
    ):
        channels.setdefault(row["channel"], []).append(row["sub_channel"])
        days += [
            row[name].date()
            for name in ("first_ordered_at", "last_ordered_at")
            if row[name] is not None
        ]
    categories = marts.rows(
        "select distinct coalesce(category, '(none)') as category from products order by category"
    )
    return Choices(
        {channel: tuple(names) for channel, names in channels.items()},
        tuple(row["category"] for row in categories),
        min(days, default=None),
        max(days, default=None),
    )


def read_filters(given: Mapping[str, str], choices: Choices, as_of: date) -> Filters:
    """Read the choice from a URL; what is not among the choices is taken as all."""
    sub_channel = given.get("sub_channel")
    channel = choices.channel_of(sub_channel)
    if channel is None:
        sub_channel = None
        channel = given.get("channel")
        channel = channel if channel in choices.channels else None
    category = given.get("category")
    since, until = _period(given.get("period", ALL), as_of)
    return Filters(
        since, until, channel, sub_channel, category if category in choices.categories else None
    )


def period_text(since: date, last: date) -> str:
    """Write a period of whole days for the URL; both days included."""
    return f"{since}{_SEPARATOR}{last}"


def _period(text: str, as_of: date) -> tuple[date | None, date | None]:
    if text in PERIODS and text != ALL:
        return as_of - timedelta(days=int(text.removesuffix("d"))), as_of
    first, separator, last = text.partition(_SEPARATOR)
    if not separator:
        return None, None
    try:
        since, until = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None, None
    return (since, until) if since < until else (None, None)
