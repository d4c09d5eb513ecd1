"""Tests run in two processes at once; those that share an expensive fixture stay together."""

import pytest

# Built once a process, by minutes of `serve run` that hold the project's build lock.
_WHOLE_BUILDS = frozenset({"demo_company", "ledger"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests of a whole build into one group, all others into one of their module."""
    for item in items:
        fixtures = _WHOLE_BUILDS.intersection(getattr(item, "fixturenames", ()))
        group = "whole builds" if fixtures else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
