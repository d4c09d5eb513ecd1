"""When the made-up company lived: one year, and the moment it is looked at."""

from datetime import UTC, date, datetime, time, timedelta

FIRST_DAY = date(2025, 10, 31)
LAST_DAY = date(2026, 10, 30)
AS_OF = datetime(2026, 10, 31, tzinfo=UTC)
"""Nothing later than this is known: younger orders are pending, their returns have not come yet."""

DAYS = (LAST_DAY - FIRST_DAY).days + 1


def day_start(days_before_as_of: int) -> datetime:
    """Return midnight UTC so many days before AS_OF."""
    return AS_OF - timedelta(days=days_before_as_of)


def midnight(day: date) -> datetime:
    """Return the first moment of a day, UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)
