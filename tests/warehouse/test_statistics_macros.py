"""The statistics macros against the same formulas in exact and in floating arithmetic."""

import math
from pathlib import Path

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

MACROS = Path(__file__).parents[2] / "macros" / "statistics"
Z = 1.959963984540054
CASES = [(0, 1), (1, 1), (2, 2), (1, 200), (35, 100), (0, 5000), (4999, 5000), (17, 3_000_000)]


def _rendered(call: str, name: str) -> str:
    environment = Environment(loader=FileSystemLoader(MACROS), autoescape=False)
    template = environment.from_string(f"{{% from '{name}.sql' import {name} %}}{{{{ {call} }}}}")
    return template.render()


def _value(expression: str) -> float | None:
    with duckdb.connect() as connection:
        rows = connection.execute(f"select {expression}").fetchall()
    value: float | None = rows[0][0]
    return value


@pytest.mark.parametrize(("hits", "trials"), CASES)
@pytest.mark.parametrize(("side", "sign"), [("lower", -1), ("upper", 1)])
def test_wilson_bounds(hits: int, trials: int, side: str, sign: int) -> None:
    share = hits / trials
    spread = Z * math.sqrt((share * (1 - share) + Z * Z / (4 * trials)) / trials)
    wanted = (share + Z * Z / (2 * trials) + sign * spread) / (1 + Z * Z / trials)
    found = _value(_rendered(f"wilson_bound('{hits}', '{trials}', '{side}')", "wilson_bound"))
    assert found == pytest.approx(wanted, abs=1e-12)
    assert found is not None
    assert 0 <= found <= 1


def test_wilson_has_no_bound_without_trials() -> None:
    assert _value(_rendered("wilson_bound('0', '0', 'upper')", "wilson_bound")) is None


def test_two_proportions() -> None:
    pooled = 40 / 400
    wanted = (30 / 200 - 10 / 200) / math.sqrt(pooled * (1 - pooled) * (1 / 200 + 1 / 200))
    call = "two_proportion_z('30', '200', '10', '200')"
    assert _value(_rendered(call, "two_proportion_z")) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("numbers", [(0, 10, 0, 10), (10, 10, 5, 5), (1, 0, 1, 5)])
def test_two_proportions_that_can_not_be_compared(numbers: tuple[int, ...]) -> None:
    call = "two_proportion_z({})".format(", ".join(f"'{number}'" for number in numbers))
    assert _value(_rendered(call, "two_proportion_z")) is None
