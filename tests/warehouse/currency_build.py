"""The currency seeds and rate models, built over rates written by hand or by the extractor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from shopify_shop import Row, land
from warehouse_run import ONLY_MODELS, Warehouse

from extract.rates.tables import SOURCE_NAME, TABLES

AS_OF = "2026-05-31T00:00:00"
_MODELS = ("path:seeds/currencies", "path:models/staging/rates", "path:models/intermediate/rates")


def configured(home: Path, as_of: str, settings: Mapping[str, str] | None = None) -> Warehouse:
    """Return a company with a drop folder, be it empty: one without is the demo company."""
    folder = home / "onbuy"
    folder.mkdir()
    return Warehouse(home, f"onbuy={folder}", as_of, settings or {})


@dataclass(frozen=True)
class CurrencyBuild:
    """A build of nothing but currencies."""

    warehouse: Warehouse

    def build(self) -> None:
        """Build seeds and models without their tests."""
        target = ("--target-path", str(self.warehouse.home / "target"))
        self.warehouse.call("serve", "dbt", "build", *ONLY_MODELS, *target, "--select", *_MODELS)

    def units(self, source_system: str, currency: str) -> int | None:
        """Return the units per major unit, None where there is no row or no unit."""
        rows = self.warehouse.ask(
            "select units_per_major from intermediate.int_currency_units__by_source"
            " where source_system = ? and currency = ?",
            [source_system, currency],
        )
        units: int | None = rows[0][0] if rows else None
        return units

    def rate(self, currency: str, day: str) -> Decimal | None:
        """Return the USD per unit that serves a day, None where none does."""
        rows = self.warehouse.ask(
            "select usd_per_unit from intermediate.int_usd_rates__daily"
            " where currency = ? and rate_date = ?",
            [currency, date.fromisoformat(day)],
        )
        assert len(rows) < 2
        rate: Decimal | None = rows[0][0] if rows else None
        return rate


def land_rates(raw: Path) -> None:
    """Write two runs: the second restates nothing and brings one rate of a later day."""
    quotes = [
        ("2026-05-01", "USD", "1.1"),
        ("2026-05-01", "INR", "110"),
        ("2026-05-01", "TRY", "44"),
        ("2026-05-01", "AED", "9.9"),
        ("2026-05-04", "USD", "1.2"),
        ("2026-05-04", "INR", "240"),
    ]
    later = [("2026-05-18", "USD", "1"), ("2026-05-18", "INR", "2")]
    for run, ecb, owner in (
        ("20260505T000000000000Z", quotes, [("2026-05-02", "PKR", "7")]),
        (
            "20260519T000000000000Z",
            later,
            [("2026-05-02", "KWD", "3.25"), ("2026-05-02", "AED", "8")],
        ),
    ):
        rows: dict[str, list[Row]] = {
            "ecb_rates": [
                {"rate_date": day, "currency": code, "units_per_eur": quote}
                for day, code, quote in ecb
            ],
            "owner_rates": [
                {"rate_date": day, "currency": code, "usd_per_unit": rate}
                for day, code, rate in owner
            ],
        }
        land(raw, SOURCE_NAME, f"{run}-rates", TABLES, rows)
