"""What live stores answered, asked of the demo shop: same shapes, same costs."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    validate,
)
from shopify_shared import LINES, SEED, Asking, Recorded, published_schema, recorded

from demo import shopify
from demo.shopify.api.cost import CostAnalysis, page_factor
from demo.shopify.api.schema import admin_schema

OUTSIDE_THE_SUBSET = {
    # Orders for fulfilment, and introspection of inputs that only writers need.
    "OrderReturnStatusSetupOrderRead",
    "ReturnReasonValidationOrderRead",
    "ReturnReasonValidationSchema",
}
PRICED_BY_HAND = {"MoneyBagPresentmentRefund", "ReturnReasonValidationSchema"}
"""refundCreate costs 20 where other mutations cost 10, and introspection is not free."""


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    with shopify.running(LINES, SEED) as shop:
        yield Asking(shop)


def _operation(one: Recorded) -> OperationDefinitionNode:
    operation = get_operation_ast(parse(one.query))
    assert operation is not None
    return operation


def _name(one: Recorded) -> str:
    name = _operation(one).name
    return name.value if name else ""


def _reads() -> list[Recorded]:
    return [one for one in recorded() if _operation(one).operation is OperationType.QUERY]


def test_only_what_writers_need_is_outside_the_subset() -> None:
    refused = {_name(one) for one in _reads() if validate(admin_schema(), parse(one.query))}
    assert refused <= OUTSIDE_THE_SUBSET


def test_recorded_queries_get_answers_of_the_recorded_shape(asking: Asking) -> None:
    rich = asking.every_order("id returns(first: 1) { nodes { id } } refunds { id }")
    order = next(one["id"] for one in rich if one["returns"]["nodes"] and one["refunds"])
    reads = [one for one in _reads() if _name(one) not in OUTSIDE_THE_SUBSET]
    assert len(reads) >= 5
    for one in reads:
        variables = dict(one.variables)
        if "id" in variables and "Order/" in variables["id"]:
            variables["id"] = order
        answer = asking.raw(one.query, **variables)
        assert "errors" not in answer, (_name(one), answer.get("errors"))
        _same_shape(one.answer["data"], answer["data"], _name(one))
        assert answer["extensions"]["cost"].keys() == one.cost.keys()
        assert answer["extensions"]["cost"]["requestedQueryCost"] == one.cost["requestedQueryCost"]


def _same_shape(theirs: Any, ours: Any, where: str) -> None:
    if theirs is None or ours is None:
        return
    assert type(theirs) is type(ours), where
    if isinstance(theirs, dict):
        assert theirs.keys() == ours.keys(), where
        for name, value in theirs.items():
            _same_shape(value, ours[name], f"{where}.{name}")
    elif isinstance(theirs, list) and theirs:
        for value in ours:
            _same_shape(theirs[0], value, f"{where}[]")
    elif isinstance(theirs, str):
        for pattern in (
            r"gid://shopify/\w+/\d+",
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
            r"-?\d+\.\d+",
        ):
            if re.fullmatch(pattern, theirs):
                assert re.fullmatch(pattern, ours), where


def test_the_formula_gives_the_costs_that_live_stores_asked() -> None:
    priced = [one for one in recorded() if _name(one) not in PRICED_BY_HAND]
    assert len(priced) > 60
    for one in priced:
        analysis = CostAnalysis(
            published_schema(), parse(one.query), _operation(one), one.variables, {}
        )
        assert analysis.cost().requested == one.cost["requestedQueryCost"], _name(one)


def test_actual_costs_agree_with_half_of_the_recordings_and_are_near_the_rest() -> None:
    priced = [
        one
        for one in recorded()
        if _name(one) not in PRICED_BY_HAND and one.answer.get("data") is not None
    ]
    gaps = []
    for one in priced:
        cost = CostAnalysis(
            published_schema(), parse(one.query), _operation(one), one.variables, {}
        ).cost()
        actual = cost.actual(one.answer["data"])
        if _operation(one).operation is OperationType.QUERY:
            assert actual <= cost.requested
            gaps.append(abs(actual - one.cost["actualQueryCost"]))
    assert max(gaps) <= 11


def test_pages_cost_by_the_logarithm_of_their_size() -> None:
    sizes = {1: 1, 4: 2, 7: 3, 12: 4, 20: 5, 33: 6, 54: 7, 90: 8, 148: 9, 244: 10, 250: 11}
    assert {size: page_factor(size) for size in sizes} == sizes
