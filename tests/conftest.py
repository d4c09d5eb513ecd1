"""Tests run in two processes at once; those that share an expensive fixture stay together."""

import pytest

# Built once a process, by minutes of `serve run` that hold the project's build lock.
_WHOLE_BUILDS = frozenset({"demo_company", "ledger"})
# Whole companies, built again and again, and a real browser: `make test-long`.
_LONG = (
    "tests/browser/",
    "tests/extract/test_metabase_end_to_end.py",
    "tests/extract/test_shopify_end_to_end.py",
    "tests/warehouse/test_decisions_company.py",
    "tests/warehouse/test_desertcart_company.py",
    "tests/warehouse/test_fraud_candidates.py",
    "tests/warehouse/test_scores_calm_companies.py",
    "tests/warehouse/test_shopify_apis_agree.py",
    "tests/warehouse/test_shopify_demo_shop.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker by which long tests are told apart."""
    config.addinivalue_line("markers", "long: minutes of building; run by `make test-long`")


# First, because pytest-xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests of a whole build into one group, all others into one of their module.

    Modules that build go first: few tests of minutes, which neither process should be left alone
    with at the end.
    """
    items.sort(key=lambda item: not item.nodeid.startswith("tests/warehouse/"))
    for item in items:
        fixtures = _WHOLE_BUILDS.intersection(getattr(item, "fixturenames", ()))
        group = "whole builds" if fixtures else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
        if item.nodeid.startswith(_LONG):
            item.add_marker(pytest.mark.long)
