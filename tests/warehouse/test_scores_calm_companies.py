"""Companies in which nothing is planted: false alarms stay under the rates that are stated.

CALM_COMPANIES says how many (2 in the suite, 20 in `make calibrate`); what was found is printed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table
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
FALSE_ABOVE = 0.0025
"""A week lies above its chart without a cause no more often (three standard errors)."""

STATED = {
    **{f"{mart} critical": FALSE_CRITICAL for mart in SCORED},
    "rows critical or high": FALSE_HIGH,
    "channels up or down": FALSE_TREND,
    "weeks of channels moved": 1 / WEEKS_BETWEEN_FALSE_MOVES,
    "weeks of categories moved": 1 / WEEKS_BETWEEN_FALSE_MOVES,
    "weeks above the chart": FALSE_ABOVE,
}

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
    table = Table("false alarm", "found", "of", "expected at most", title=f"{COMPANIES} companies")
    for name, (alarms, chances) in totals.items():
        table.add_row(name, str(alarms), f"{chances:,}", f"{chances * STATED[name]:.1f}")
    Console(stderr=True).print(table)
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
        yield "rows critical or high", loud, rows
    moved, channels = company.one(
        "select count(*) filter (where trend_direction in ('up', 'down')), count(*) "
        "from channel_kpis where sub_channel != 'all'"
    )
    yield "channels up or down", moved, channels
    for kind, condition in (("channels", "category = 'all'"), ("categories", "category != 'all'")):
        moved, weeks = company.one(
            "with series as (select bool_or(has_moved_up) as has_moved, count(*) as weeks "
            f"from channel_weekly where {condition} and sub_channel != 'all' "
            "group by sub_channel, category) "
            "select count(*) filter (where has_moved), sum(weeks) from series"
        )
        yield f"weeks of {kind} moved", moved, weeks
    above, weeks = company.one(
        "select count(*) filter (where chart_position = 'above'), count(*) from channel_weekly "
        "where sub_channel != 'all'"
    )
    yield "weeks above the chart", above, weeks


def _allowed(chances: int, rate: float) -> int:
    """Return how many alarms chance explains in 99 of 100 runs at the stated rate."""
    return int(stats.binom.ppf(0.99, chances, rate))


@pytest.mark.parametrize("name", STATED)
def test_false_alarms_stay_under_the_stated_rate(calm: Counts, name: str) -> None:
    alarms, chances = calm[name]
    assert alarms <= _allowed(chances, STATED[name])


def test_the_calm_companies_had_every_chance_of_an_alarm(calm: Counts) -> None:
    _, rows = calm["rows critical or high"]
    assert rows > 1_000 * COMPANIES
    _, weeks = calm["weeks of channels moved"]
    assert weeks > 300 * COMPANIES
