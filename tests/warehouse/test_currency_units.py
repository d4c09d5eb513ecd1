"""Seeds `currencies` and `currency_units` against ISO 4217, and the units that follow from them."""

import csv
from pathlib import Path

import pytest
from currency_build import CurrencyBuild
from iso4217 import Currency

SEEDS = Path(__file__).parents[2] / "seeds" / "currencies"


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_seed_holds_every_currency_of_the_standard_and_its_digits() -> None:
    standard = {one.code: one.exponent for one in Currency if one.exponent is not None}
    seeded = {row["currency"]: int(row["minor_unit_digits"]) for row in _seed("currencies")}
    assert seeded == standard


def test_every_override_says_why() -> None:
    rows = _seed("currency_units")
    assert {row["source_system"] for row in rows if row["currency"] == "*"} == {
        "desertcart",
        "marketplace",
        "shopify",
    }
    assert all("ISO" in row["note"] for row in rows if row["currency"] != "*")


@pytest.mark.parametrize(
    ("currency", "units"),
    [
        ("JPY", 1),
        ("KRW", 1),
        ("AED", 100),
        ("USD", 100),
        ("INR", 100),
        ("KWD", 1000),
        ("BHD", 1000),
        ("OMR", 1000),
        ("JOD", 1000),
        ("TND", 1000),
        ("CLF", 10_000),
    ],
)
def test_desertcart_counts_subunits_and_the_others_major_units(
    currency_build: CurrencyBuild, currency: str, units: int
) -> None:
    assert currency_build.units("desertcart", currency) == units
    assert currency_build.units("marketplace", currency) == 1
    assert currency_build.units("shopify", currency) == 1


def test_what_is_unsettled_or_unknown_has_no_unit(currency_build: CurrencyBuild) -> None:
    assert currency_build.units("desertcart", "ISK") is None
    assert currency_build.units("desertcart", "UGX") is None
    assert currency_build.units("marketplace", "ISK") == 1
    for code in ("XAU", "XXX", "ZZZ", "aed", "*"):
        assert currency_build.units("desertcart", code) is None
        assert currency_build.units("marketplace", code) is None
