"""What a benchmark measured beside what it may take."""

from collections.abc import Sequence
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """A measured figure and its limit, both in `unit`; without a limit it is only shown."""

    what: str
    found: float
    limit: float | None
    unit: str

    @property
    def is_held(self) -> bool:
        """Whether the figure keeps its limit."""
        return self.limit is None or self.found <= self.limit


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the figures, each with the share of its limit.

    Raises click.ClickException: a limit is passed.
    """
    table = Table("figure", "found", "limit", "of the limit", "unit")
    for column in table.columns[1:4]:
        column.justify = "right"
    for figure in figures:
        limit, share = "", ""
        if figure.limit is not None:
            limit, share = f"{figure.limit:,.1f}", f"{figure.found / figure.limit:.0%}"
        table.add_row(figure.what, f"{figure.found:,.1f}", limit, share, figure.unit)
    console.print(table)
    passed = [figure.what for figure in figures if not figure.is_held]
    if passed:
        raise click.ClickException(f"over the limit: {', '.join(passed)}; is the machine idle?")
