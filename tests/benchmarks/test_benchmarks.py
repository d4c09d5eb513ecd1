"""The benchmarks run, and say when a limit is passed."""

import io

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from bench import analytics_marts
from bench.limits import Figure, show


def _shown(*figures: Figure) -> str:
    console = Console(file=io.StringIO(), width=120)
    show(figures, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_figure_stands_beside_its_limit() -> None:
    shown = _shown(Figure("peak", 250, 500, "MB"), Figure("pace", 12.34, None, "s"))
    assert "50%" in shown
    assert "12.3" in shown


def test_a_limit_that_is_passed_is_an_error() -> None:
    with pytest.raises(click.ClickException, match="over the limit: peak;"):
        _shown(Figure("peak", 501, 500, "MB"), Figure("pace", 1, 2, "s"))


@pytest.mark.long
def test_the_analytics_marts_are_built_from_core_tables_alone() -> None:
    few = ("--lines", "2000", "--products", "50", "--customers", "100")
    done = CliRunner().invoke(analytics_marts.main, few)
    assert done.exit_code == 0, done.output
    for mart in ("product_refunds", "user_refunds", "channel_weekly", "channel_kpis_daily"):
        assert mart in done.output
