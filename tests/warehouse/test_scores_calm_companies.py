"""Companies in which nothing is planted: false alarms stay under the rates that are stated.

CALM_COMPANIES says how many (2 in the suite, 20 in `make calibrate`).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from scipy import stats
from warehouse_run import Warehouse, folders_of

import demo
from demo.company.period import AS_OF

COMPANIES = int(os.environ.get("CALM_COMPANIES", "2"))
LINES, FIRST_SEED = 8_000, 1_000
SCORED = (
    "product_refunds",
    "product_channel_refunds",
    "category_refunds",
    "user_refunds",
    "user_channel_refunds",
)
MODELS = [f"+{mart}" for mart in (*SCORED, "channel_kpis", "channel_weekly")]
FALSE_CRITICAL = 0.05
"""A mart of a company without a cause has critical rows no more often (severity_critical_q)."""
FALSE_HIGH = 0.001
"""Of all rows, no more are called critical or high without a cause."""
FALSE_TREND = 0.05
"""A channel is up or down without a cause no more often (var trend_z)."""
WEEKS_BETWEEN_FALSE_MOVES = 148
"""exp(cusum_threshold): a channel moves up without a cause no more often."""

Counts = dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Counts:
    """Return for each kind of verdict how often it was given and how often it could have been."""
    totals: Counts = {}
    for seed in range(FIRST_SEED, FIRST_SEED + COMPANIES):
        home: Path = tmp_path_factory.mktemp(f"calm{seed}")
        for name, alarms, chances in _verdicts(_built(home, seed)):
            before = totals.get(name, (0, 0))
            totals[name] = (before[0] + alarms, before[1] + chances)
    return totals


def _built(home: Path, seed: int) -> Warehouse:
    drop = home / "drop"
    demo.write_marketplace(drop, LINES, seed, with_stories=False)
    company = Warehouse(home, folders_of(drop), AS_OF.isoformat())
    company.call("extract", "all")
    kinds = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    target = ("--target-path", str(home / "target"))
    company.call("serve", "dbt", "build", "--select", *MODELS, *kinds, *target)
    return company


def _verdicts(company: Warehouse) -> Iterator[tuple[str, int, int]]:
    for mart in SCORED:
        critical, loud, rows = company.one(
            "select count(*) filter (where severity = 'critical'), "
            f"count(*) filter (where severity in ('critical', 'high')), count(*) from {mart}"
        )
        yield f"{mart} critical", min(1, critical), 1
        yield "loud", loud, rows
    moved, channels = company.one(
        "select count(*) filter (where trend_direction in ('up', 'down')), count(*) "
        "from channel_kpis where sub_channel != 'all'"
    )
    yield "trend", moved, channels
    moved, weeks = company.one(
        "with series as (select sub_channel, bool_or(has_moved_up) as has_moved, count(*) as weeks "
        "from channel_weekly where category = 'all' and sub_channel != 'all' group by sub_channel) "
        "select count(*) filter (where has_moved), sum(weeks) from series"
    )
    yield "cusum", moved, weeks


def _allowed(chances: int, rate: float) -> int:
    """Return how many alarms chance explains in 99 of 100 runs at the stated rate."""
    return int(stats.binom.ppf(0.99, chances, rate))


@pytest.mark.parametrize("mart", SCORED)
def test_few_companies_have_a_critical_row(calm: Counts, mart: str) -> None:
    alarms, chances = calm[f"{mart} critical"]
    assert alarms <= _allowed(chances, FALSE_CRITICAL)


def test_hardly_a_row_is_called_high(calm: Counts) -> None:
    alarms, chances = calm["loud"]
    assert chances > 1_000 * COMPANIES
    assert alarms <= _allowed(chances, FALSE_HIGH)


def test_few_channels_have_a_trend(calm: Counts) -> None:
    alarms, chances = calm["trend"]
    assert alarms <= _allowed(chances, FALSE_TREND)


def test_few_channels_have_moved(calm: Counts) -> None:
    alarms, weeks = calm["cusum"]
    assert alarms <= _allowed(weeks, 1 / WEEKS_BETWEEN_FALSE_MOVES)
