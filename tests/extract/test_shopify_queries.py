import re

import pytest
from shopify_facts import fitted_cost, needs_recordings, published_schema

from extract.shopify.queries import FRAGMENT_DIR, QUERY_DIR, load_bulk_query, load_query

QUERIES = sorted(path.stem for path in QUERY_DIR.glob("*.graphql"))


@needs_recordings
@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_valid_on_the_published_schema(name: str) -> None:
    graphql = pytest.importorskip("graphql")
    errors = graphql.validate(published_schema(), graphql.parse(load_query(name)))
    assert [error.message for error in errors] == []


@needs_recordings
@pytest.mark.parametrize("name", [name for name in QUERIES if not name.startswith("bulk_")])
def test_every_query_costs_less_than_a_thousand_points_at_its_page_size(name: str) -> None:
    pytest.importorskip("graphql")
    assert fitted_cost(load_query(name), {"first": 250}) < 1000


@needs_recordings
def test_the_cost_formula_gives_what_shops_have_charged() -> None:
    pytest.importorskip("graphql")
    flat = "query { orders(first: 250) { nodes { id } pageInfo { hasNextPage } } }"
    with_lines = (
        "query { orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }"
    )
    assert (fitted_cost(flat, {}), fitted_cost(with_lines, {})) == (13, 156)


@needs_recordings
def test_the_only_mutation_starts_a_bulk_query() -> None:
    graphql = pytest.importorskip("graphql")
    called = {
        field.name.value
        for name in QUERIES
        for operation in graphql.parse(load_query(name)).definitions
        if operation.operation.value == "mutation"
        for field in operation.selection_set.selections
    }
    assert called == {"bulkOperationRunQuery"}


def test_every_connection_that_is_paged_asks_whether_there_is_more() -> None:
    for name in QUERIES:
        if name.startswith("bulk_") or name == "oldest_order":
            continue
        text = load_query(name)
        assert text.count("(first:") + text.count("{ connection:") >= text.count("hasNextPage")
        assert len(re.findall(r"nodes \{", text)) == text.count("hasNextPage"), name


def test_bulk_and_pages_ask_for_the_same_fields_of_an_order() -> None:
    graphql = pytest.importorskip("graphql")
    pages = _leaves(graphql.parse(load_query("orders")).definitions[0].selection_set)
    bulk = _leaves(graphql.parse(load_bulk_query("bulk_orders", "x")).definitions[0].selection_set)
    refunds = {path for path in pages if "refunds" in path}
    ends = {path for path in pages if path[-2:-1] == ("pageInfo",)}
    assert bulk == (pages - refunds - ends) | {("orders", "refunds", "id")}


def test_a_bulk_search_keeps_its_quotes() -> None:
    search = "updated_at:>='2026-01-01T00:00:00Z' \"x\""
    assert 'orders(query: "updated_at:>=\'2026-01-01T00:00:00Z\' \\"x\\"")' in load_bulk_query(
        "bulk_orders", search
    )


def test_no_fragment_lies_unused() -> None:
    texts = [path.read_text() for path in [*QUERY_DIR.glob("**/*.graphql")]]
    spread = {name for text in texts for name in re.findall(r"\.\.\.(\w+)", text)}
    assert {path.stem for path in FRAGMENT_DIR.glob("*.graphql")} == spread


def _leaves(selection_set, path=()):  # type: ignore[no-untyped-def]
    found = set()
    for node in selection_set.selections:
        if not hasattr(node, "name"):
            found |= _leaves(node.selection_set, path)
            continue
        name = node.name.value
        here = path if name in ("nodes", "edges", "node") else (*path, name)
        if node.selection_set is None:
            found.add(here)
        else:
            found |= _leaves(node.selection_set, here)
    return found
