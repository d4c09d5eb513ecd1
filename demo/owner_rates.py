"""The made-up owner's own rates, for currencies that the European Central Bank leaves out."""

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from demo.company import FIRST_DAY, LAST_DAY

# Round numbers near those of the period, made up for the demo. The dinar of Kuwait is left out:
# its rows must be counted as missing, never converted.
_USD_PER_UNIT = {
    "EGP": Decimal("0.0200"),
    "PKR": Decimal("0.00355"),
    "TND": Decimal("0.3300"),
}
# More often than a rate may grow old.
_EVERY_DAYS = 7


def write_owner_rates(path: Path) -> int:
    """Write date, currency, usd_per_unit as the owner's file has them; return the rows written.

    One row per currency and week of the demo's year; the same bytes each time.
    """
    days = range(0, (LAST_DAY - FIRST_DAY).days + 1, _EVERY_DAYS)
    rows = [
        ((FIRST_DAY + timedelta(days=day)).isoformat(), currency, str(rate))
        for day in days
        for currency, rate in _USD_PER_UNIT.items()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("date", "currency", "usd_per_unit"))
        writer.writerows(rows)
    return len(rows)
