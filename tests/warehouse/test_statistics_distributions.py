"""Tails, priors and corrections in SQL against what scipy and statsmodels compute."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from jinja2 import Environment
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

MACROS = Path(__file__).parents[2] / "macros"
SOURCES = "".join(
    path.read_text(encoding="utf-8")
    for path in (
        MACROS / "engine" / "fold.sql",
        MACROS / "engine" / "log_gamma.sql",
        *sorted((MACROS / "statistics").glob("*.sql")),
    )
)
EXACT = 1e-9
ROWS = 1_500


def _rendered(call: str) -> str:
    return Environment(autoescape=False).from_string(f"{SOURCES}{{{{ {call} }}}}").render().strip()


def _over(call: str, **columns: "np.ndarray | Sequence[float]") -> np.ndarray:
    """Evaluate a macro over columns, in their order."""
    numbers = {"place": np.arange(len(next(iter(columns.values()))))}
    table = pa.table({**numbers, **{name: np.asarray(values) for name, values in columns.items()}})
    with duckdb.connect() as connection:
        connection.register("given", table)
        rows = connection.execute(
            f"with found as (select place, {_rendered(call)} as value from given) "
            "select value from found order by place"
        ).fetchall()
    return np.array([np.nan if value is None else value for (value,) in rows])


@pytest.fixture
def draws() -> np.random.Generator:
    return np.random.default_rng(20_261_031)


def test_normal_tail() -> None:
    z = np.linspace(-12, 12, 4_001)
    assert np.abs(_over("normal_tail('z')", z=z) - stats.norm.sf(z)).max() < 1e-14


@pytest.mark.parametrize("size", [3, 50, 2_000, 100_000])
def test_beta_tail(draws: np.random.Generator, size: int) -> None:
    alpha = draws.uniform(0, 1, ROWS) ** 3 * size + 0.05
    beta = draws.uniform(0.01, 1, ROWS) * size + 0.05
    near = stats.beta.ppf(draws.uniform(0, 1, ROWS), alpha, beta) * draws.choice(
        [0.7, 1, 1.4], ROWS
    )
    threshold = np.clip(near * draws.choice([0.7, 1, 1.4], ROWS), 0, 1)
    found = _over("beta_tail('t', 'a', 'b')", t=threshold, a=alpha, b=beta)
    assert np.abs(found - stats.beta.sf(threshold, alpha, beta)).max() < EXACT


@pytest.mark.parametrize("most", [3, 40, 2_000, 30_000])
def test_beta_binomial_tail(draws: np.random.Generator, most: int) -> None:
    trials = draws.integers(1, most + 1, ROWS)
    alpha, beta = draws.uniform(0.05, 15, ROWS), draws.uniform(1, 300, ROWS)
    hits = stats.betabinom.rvs(trials, alpha, beta, random_state=draws)
    hits = np.minimum(trials, hits * draws.choice([0, 1, 2], ROWS))
    found = _over("beta_binomial_tail('x', 'n', 'a', 'b')", x=hits, n=trials, a=alpha, b=beta)
    assert np.abs(found - stats.betabinom.sf(hits - 1, trials, alpha, beta)).max() < EXACT


def test_a_beta_binomial_tail_of_too_many_terms_is_near(draws: np.random.Generator) -> None:
    trials = draws.integers(60_000, 2_000_000, 100)
    alpha, beta = draws.uniform(0.5, 20, 100), draws.uniform(1, 40, 100)
    hits = stats.betabinom.rvs(trials, alpha, beta, random_state=draws)
    found = _over("beta_binomial_tail('x', 'n', 'a', 'b')", x=hits, n=trials, a=alpha, b=beta)
    assert np.abs(found - stats.betabinom.sf(hits - 1, trials, alpha, beta)).max() < 2e-4


def test_benjamini_hochberg(draws: np.random.Generator) -> None:
    p_values = np.sort(np.round(draws.uniform(0, 1, 300) ** 4, 3))
    found = _over(
        "benjamini_hochberg_q('p', 'p_rank', '300')", p=p_values, p_rank=np.arange(1, 301)
    )
    assert np.abs(found - multipletests(p_values, method="fdr_bh")[1]).max() < EXACT


@pytest.mark.parametrize(("side", "place"), [("lower", 0), ("upper", 1)])
def test_wilson_is_that_of_statsmodels(draws: np.random.Generator, side: str, place: int) -> None:
    trials = draws.integers(1, 5_000, ROWS)
    hits = draws.binomial(trials, draws.uniform(0, 1, ROWS))
    found = _over(f"wilson_bound('x', 'n', '{side}')", x=hits, n=trials)
    assert np.abs(found - proportion_confint(hits, trials, method="wilson")[place]).max() < EXACT


@pytest.mark.parametrize(("side", "quantile"), [("lower", 0.025), ("upper", 0.975)])
def test_the_bound_of_a_posterior_is_near(
    draws: np.random.Generator, side: str, quantile: float
) -> None:
    trials = draws.integers(1, 3_000, ROWS)
    alpha, beta = draws.uniform(0.5, 10, ROWS), draws.uniform(20, 200, ROWS)
    hits = stats.betabinom.rvs(trials, alpha, beta, random_state=draws)
    given = {"x": hits, "n": trials, "a": alpha, "b": beta}
    found = _over(f"posterior_bound('x', 'n', 'a', 'b', '{side}')", **given)
    exact = stats.beta.ppf(quantile, hits + alpha, trials - hits + beta)
    assert np.abs(found - exact).max() < 0.03
    assert np.median(np.abs(found - exact)) < 0.002
    mean = _over("posterior_rate('x', 'n', 'a', 'b')", **given)
    assert np.abs(mean - stats.beta.mean(hits + alpha, trials - hits + beta)).max() < EXACT


def test_a_prior_is_found_again_from_units_drawn_of_it(draws: np.random.Generator) -> None:
    trials = draws.integers(1, 400, 60_000)
    hits = stats.betabinom.rvs(trials, 2, 38, random_state=draws)
    sums = (
        len(trials),
        trials.sum(),
        hits.sum(),
        (trials * trials).sum(),
        (hits * hits / trials).sum(),
    )
    arguments = ", ".join(f"'{number}'" for number in sums)
    (rho,) = _over(f"prior_overdispersion({arguments})", nothing=[0])
    assert 1 / rho - 1 == pytest.approx(40, rel=0.03)
    # The formula as published: weighted squares around the pooled rate.
    share = hits.sum() / trials.sum()
    spread = (trials * (hits / trials - share) ** 2).sum()
    chance = share * (1 - share)
    freedom = len(trials) - 1
    wanted = (spread - chance * freedom) / (
        chance * (trials.sum() - (trials * trials).sum() / trials.sum() - freedom)
    )
    assert rho == pytest.approx(wanted, abs=EXACT)


@pytest.mark.parametrize(("side", "quantile", "more"), [("lower", 0.025, 0), ("upper", 0.975, 1)])
def test_byar_is_near_the_exact_poisson_limits(side: str, quantile: float, more: int) -> None:
    observed = np.arange(5, 500)
    found = _over(f"ratio_bound('observed', '2.5', '{side}')", observed=observed)
    exact = stats.chi2.ppf(quantile, 2 * (observed + more)) / 2 / 2.5
    assert np.abs(found / exact - 1).max() < 0.01
    assert _over("ratio_bound('0', '2.0', 'lower')", nothing=[0])[0] == 0


def test_two_proportions_are_those_of_statsmodels(draws: np.random.Generator) -> None:
    trials, others = draws.integers(20, 900, (2, 50))
    hits, other_hits = draws.binomial(trials, 0.2), draws.binomial(others, 0.3)
    found = _over("two_proportion_z('x', 'n', 'y', 'm')", x=hits, n=trials, y=other_hits, m=others)
    wanted = [
        proportions_ztest([x, y], [n, m])[0]
        for x, n, y, m in zip(hits, trials, other_hits, others, strict=True)
    ]
    assert np.abs(found - wanted).max() < EXACT


def test_the_design_effect_is_that_of_clusters_that_come_back_whole() -> None:
    # 1,000 orders of 4 units, every tenth comes back whole: four times the binomial variance.
    (effect,) = _over("design_effect('400', '4000', '1600', '1600', '16000')", nothing=[0])
    assert effect == pytest.approx(4, abs=EXACT)
    # Single units are their own clusters.
    (single,) = _over("design_effect('100', '1000', '100', '100', '1000')", nothing=[0])
    assert single == pytest.approx(1, abs=EXACT)


def test_control_limits_widen_with_overdispersion() -> None:
    rows = {"p": [0.05, 0.05, 0.05], "n": [400, 400, 4], "s": [1.0, 2.0, 1.0]}
    upper = _over("control_limit('p', 'n', 's', 3, 'upper')", **rows)
    trials, sigma = np.array(rows["n"]), np.array(rows["s"])
    wanted = 0.05 + 3 * sigma * np.sqrt(0.05 * 0.95 / trials) + 4 / 3 * 0.9 * sigma**2 / trials
    assert upper == pytest.approx(np.minimum(1, wanted), abs=EXACT)
    assert _over("control_limit('p', 'n', 's', 3, 'lower')", **rows)[1] == 0


@pytest.mark.parametrize("expected", [1, 2, 5, 20, 200])
def test_counts_of_any_size_seldom_pass_the_upper_limit(expected: int) -> None:
    trials = np.arange(15 * expected, 16 * expected + 40)
    share = expected / trials
    upper = _over("control_limit('p', 'n', '1.0', 3, 'upper')", p=share, n=trials)
    beyond = stats.binom.sf(np.floor(upper * trials), trials, share)
    assert beyond.mean() < 0.0025
    lower = _over("control_limit('p', 'n', '1.0', 3, 'lower')", p=share, n=trials)
    assert stats.binom.cdf(np.ceil(lower * trials) - 1, trials, share).mean() < 0.0025
    # Without the correction small counts pass it up to ten times as often as 0.00135.
    plain = share + 3 * np.sqrt(share * (1 - share) / trials)
    assert stats.binom.sf(np.floor(plain * trials), trials, share).mean() > beyond.mean()


def test_cusum_without_recursion_is_the_loop(draws: np.random.Generator) -> None:
    trials = draws.integers(50, 400, 200)
    hits = draws.binomial(trials, np.where(np.arange(200) < 120, 0.05, 0.09))
    weights = _over("log_likelihood_ratio('x', 'n', '0.05', 1.5)", x=hits, n=trials)
    shifted = 1.5 * 0.05 / (1 - 0.05 + 1.5 * 0.05)
    wanted = stats.binom.logpmf(hits, trials, shifted) - stats.binom.logpmf(hits, trials, 0.05)
    assert np.abs(weights - wanted).max() < EXACT
    height, heights = 0.0, []
    for weight in weights:
        height = max(0.0, height + weight)
        heights.append(height)
    found = _over(
        "cusum('running_sum', 'order by place')",
        running_sum=np.cumsum(weights),
    )
    assert np.abs(found - np.array(heights)).max() < EXACT
    assert found[-1] > 5 > found[:120].max()


def test_three_digits() -> None:
    found = _over("three_digits('x')", x=[0.0123456, 0.9996, 123_456.0, 1e-7])
    assert found == pytest.approx([0.0123, 1.0, 123_000, 1e-7], rel=EXACT)


def test_folds_of_different_lengths_keep_their_own_columns() -> None:
    # DuckDB 1.5 mixes up rows when list_reduce itself reads a column.
    last = np.arange(1, 5_001) % 7
    found = _over("fold('1', 'last', 'k * weight', 'acc + term')", last=last, weight=last + 0.5)
    assert found == pytest.approx(1 + (last + 0.5) * last * (last + 1) / 2)
