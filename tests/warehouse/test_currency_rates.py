"""Which rate serves which day: the last known one, never a later one, never one of 1 by default."""

from decimal import Decimal
from pathlib import Path

import pytest
from currency_build import CurrencyBuild, configured

AED_PEG = Decimal("0.272294077604")


@pytest.mark.parametrize(
    ("currency", "day", "rate"),
    [
        ("INR", "2026-05-01", "0.01"),
        # A weekend: Friday's, not the next Monday's nor something in between.
        ("INR", "2026-05-03", "0.01"),
        ("INR", "2026-05-04", "0.005"),
        # Seven days old serves, eight do not, whatever comes later.
        ("INR", "2026-05-11", "0.005"),
        ("INR", "2026-05-12", None),
        ("INR", "2026-05-17", None),
        ("INR", "2026-05-18", "0.5"),
        ("INR", "2026-04-30", None),
        ("TRY", "2026-05-08", "0.025"),
        ("TRY", "2026-05-09", None),
        ("EUR", "2026-05-04", "1.2"),
        ("EGP", "2026-05-04", None),
        ("ZZZ", "2026-05-04", None),
    ],
)
def test_the_last_known_rate_serves(
    currency_build: CurrencyBuild, currency: str, day: str, rate: str | None
) -> None:
    assert currency_build.rate(currency, day) == (Decimal(rate) if rate else None)


def test_a_peg_goes_before_published_and_supplied_rates(currency_build: CurrencyBuild) -> None:
    assert currency_build.rate("AED", "2026-05-02") == AED_PEG
    assert currency_build.rate("USD", "2026-05-02") == 1
    assert currency_build.rate("QAR", "2001-06-30") is None
    assert currency_build.rate("QAR", "2001-07-01") == Decimal("0.274725274725")


def test_only_the_newest_file_of_the_owner_counts(currency_build: CurrencyBuild) -> None:
    assert currency_build.rate("KWD", "2026-05-09") == Decimal("3.25")
    assert currency_build.rate("KWD", "2026-05-10") is None
    assert currency_build.rate("PKR", "2026-05-02") is None


def test_twenty_currencies_and_more_work_out_of_the_box(tmp_path: Path) -> None:
    build = CurrencyBuild(configured(tmp_path, "2026-10-31T00:00:00"))
    build.warehouse.call("extract", "rates")
    build.build()
    served = {
        currency
        for (currency,) in build.warehouse.ask(
            "select currency from intermediate.int_usd_rates__daily where rate_date = '2026-10-30'"
        )
    }
    assert len(served) >= 20
    assert {"AED", "SAR", "QAR", "OMR", "BHD", "JOD", "USD", "EUR", "GBP"} <= served
    assert {"INR", "ZAR", "CAD", "TRY", "JPY", "KRW"} <= served
    assert not {"KWD", "EGP", "PKR", "TND"} & served
