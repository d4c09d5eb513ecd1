"""GraphQL of the demo shop: paging, searching, costs, errors, and plans against graphql-core."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLResolveInfo, execute, parse
from shopify_shared import ALL_MONEY, LINES, SEED, VERSION, Asking

from demo import shopify
from demo.shopify.api.cost import Bucket
from demo.shopify.api.graphql_endpoint import GraphQLEndpoint
from demo.shopify.api.paging import Page, page_of_list
from demo.shopify.api.projection import DataExecution
from demo.shopify.shop.reasons import DEFINITIONS

EVERYTHING = """
query Everything($size: Int!, $with: Boolean = true) {
  orders(first: $size, sortKey: CREATED_AT, reverse: true) {
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { ...OrderFields called: name } }
  }
}
fragment OrderFields on Order {
  __typename id createdAt returnStatus test tags customer { id tags amountSpent { amount } }
  totalPriceSet { ...M } totalTaxSet { shopMoney { amount } }
  lineItems(first: 2) {
    pageInfo { hasNextPage endCursor }
    nodes { id sku price: originalUnitPriceSet { ...M } }
  }
  fulfillments(first: 1) {
    id trackingInfo { number }
    fulfillmentLineItems(last: 1) { nodes { quantity lineItem { id } } }
  }
  refunds @include(if: $with) {
    id return { id status }
    refundLineItems(first: 60) { edges { cursor node { id restockType subtotalSet { ...M } } } }
    transactions(first: 5) { nodes { id status parentTransaction { id } } }
  }
  returns(first: 5) { nodes {
    id decline { reason note }
    returnLineItems(first: 60) { nodes {
      __typename id quantity returnReasonDefinition { handle }
      ... on ReturnLineItem { fulfillmentLineItem { id lineItem { id } } }
      ... on UnverifiedReturnLineItem { unitPrice { amount } }
    } }
    exchangeLineItems(first: 5) { nodes { lineItems { id } } }
  } }
}
"""


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    with shopify.running(LINES, SEED) as shop:
        yield Asking(shop)


def _by_core(asking: Asking, query: str, variables: dict[str, Any]) -> Any:
    """Execute by graphql-core alone, field by field."""

    def resolve(obj: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if isinstance(obj, Page):
            return {
                "nodes": obj.nodes,
                "edges": [
                    {"cursor": obj.cursor(place), "node": node}
                    for place, node in enumerate(obj.nodes)
                ],
                "pageInfo": {
                    "hasNextPage": obj.has_next,
                    "hasPreviousPage": obj.has_previous,
                    "startCursor": obj.cursor(0) if obj.nodes else None,
                    "endCursor": obj.cursor(len(obj.nodes) - 1) if obj.nodes else None,
                },
            }[info.field_name]
        value = obj[info.field_name]
        if str(info.return_type).rstrip("!").endswith("Connection"):
            return page_of_list(value() if callable(value) else value, arguments)
        return value[: arguments.get("first")] if isinstance(value, list) else value

    app = asking.shop.app
    return execute(
        app.graphql.schema,
        parse(query),
        context_value=app.new_request(),
        variable_values=variables,
        field_resolver=resolve,
    )


@pytest.mark.parametrize("with_refunds", [True, False])
def test_plans_give_what_graphql_core_gives(asking: Asking, with_refunds: bool) -> None:
    query = EVERYTHING + ALL_MONEY
    variables = {"size": 5_000, "with": with_refunds}
    expected = _by_core(asking, query, variables)
    app = asking.shop.app
    planned = execute(
        app.graphql.schema,
        parse(query),
        context_value=app.new_request(),
        variable_values=variables,
        execution_context_class=DataExecution,
    )
    assert expected.errors is None and planned.errors is None
    assert planned.data == expected.data
    text = str(planned.data)
    assert ("refundLineItems" in text) is with_refunds
    assert "UnverifiedReturnLineItem" in text and "exchangeLineItems" in text


@pytest.mark.parametrize("size", [250, 37])
def test_paging_reaches_every_order_once(asking: Asking, size: int) -> None:
    found = [one["id"] for one in asking.every_order("id", size)]
    assert len(found) == len(set(found)) == len(asking.shop.truth())


def test_pages_are_the_same_backwards_and_from_the_other_end(asking: Asking) -> None:
    query = (
        "query Q($first: Int, $last: Int, $before: String, $after: String, $reverse: Boolean) { "
        "orders(first: $first, last: $last, before: $before, after: $after, reverse: $reverse, "
        "sortKey: UPDATED_AT) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } "
        "nodes { id } } }"
    )
    first = asking.data(query, first=20)["orders"]
    assert first["pageInfo"]["hasNextPage"] and not first["pageInfo"]["hasPreviousPage"]
    second = asking.data(query, first=20, after=first["pageInfo"]["endCursor"])["orders"]
    assert second["pageInfo"]["hasPreviousPage"]
    again = asking.data(query, last=20, before=second["pageInfo"]["startCursor"])["orders"]
    assert again["nodes"] == first["nodes"]
    last = asking.data(query, last=5)["orders"]["nodes"]
    turned = asking.data(query, first=5, reverse=True)["orders"]["nodes"]
    assert last == turned[::-1]


def test_nested_pages_reach_every_line_of_a_long_order(asking: Asking) -> None:
    query = (
        "query Q($id: ID!, $after: String) { order(id: $id) { subtotalLineItemsQuantity "
        "lineItems(first: 50, after: $after) { pageInfo { hasNextPage endCursor } "
        "nodes { id quantity } } } }"
    )
    kinds = {one.order_id: one for one in asking.shop.truth() if one.kind == "long_order"}
    number = next(number for number, one in kinds.items() if one.units_ordered == 60)
    order = asking.data(query, id=f"gid://shopify/Order/{number}")["order"]
    assert order["lineItems"]["pageInfo"]["hasNextPage"]
    rest = asking.data(
        query,
        id=f"gid://shopify/Order/{number}",
        after=order["lineItems"]["pageInfo"]["endCursor"],
    )["order"]["lineItems"]
    assert not rest["pageInfo"]["hasNextPage"]
    lines = [*order["lineItems"]["nodes"], *rest["nodes"]]
    assert len({one["id"] for one in lines}) == 60
    assert sum(one["quantity"] for one in lines) == order["subtotalLineItemsQuantity"]


@pytest.mark.parametrize(
    ("search", "holds"),
    [
        ("updated_at:>='2026-06-01T00:00:00Z'", lambda one: one["updatedAt"] >= "2026-06-01"),
        (
            "created_at:>='2026-03-01T00:00:00Z' AND created_at:<'2026-04-01T00:00:00+04:00'",
            lambda one: "2026-03-01" <= one["createdAt"] < "2026-03-31T20:00:00Z",
        ),
        ("created_at:<=2025-12-24", lambda one: one["createdAt"][:10] <= "2025-12-24"),
        (
            "return_status:in_progress OR return_status:return_requested",
            lambda one: one["returnStatus"] in ("IN_PROGRESS", "RETURN_REQUESTED"),
        ),
        (
            "(return_status:returned OR status:cancelled) NOT test:true",
            lambda one: (
                (one["returnStatus"] == "RETURNED" or one["cancelledAt"] is not None)
                and not one["test"]
            ),
        ),
        ("status:cancelled", lambda one: one["cancelledAt"] is not None),
        ("-status:open -status:cancelled", lambda one: one["closed"] and not one["cancelledAt"]),
        ("name:#1001,1002", lambda one: one["name"] in ("#1001", "#1002")),
    ],
)
def test_searches_find_what_they_say(asking: Asking, search: str, holds: Any) -> None:
    fields = "id name test closed createdAt updatedAt cancelledAt returnStatus"
    everything = asking.every_order(fields)
    found = asking.every_order(fields, search=search)
    assert 0 < len(found) < len(everything)
    assert found == [one for one in everything if holds(one)]
    counted = asking.data("query Q($s: String) { ordersCount(query: $s) { count } }", s=search)
    assert counted["ordersCount"]["count"] == len(found)


def test_an_unquoted_moment_is_ignored_with_a_warning(asking: Asking) -> None:
    query = "query Q($s: String) { orders(first: 1, query: $s) { nodes { id } } }"
    answer = asking.raw(query, s="updated_at:>=2026-01-01T00:00:00Z")
    (told,) = answer["extensions"]["search"]
    assert told["path"] == ["orders"]
    assert told["warnings"][0]["code"] == "invalid_field"
    assert "search" not in asking.raw(query, s="updated_at:>='2026-01-01T00:00:00Z'")["extensions"]


def test_things_are_found_by_their_id(asking: Asking) -> None:
    rich = next(
        one
        for one in asking.every_order(
            "id customer { id } refunds { id } returns(first: 1) { nodes { id } }"
        )
        if one["returns"]["nodes"] and one["refunds"] and one["customer"]
    )
    wanted = [
        rich["id"],
        rich["customer"]["id"],
        rich["refunds"][0]["id"],
        rich["returns"]["nodes"][0]["id"],
        DEFINITIONS[0]["id"],
        "gid://shopify/Order/1",
        "gid://shopify/Return/1",
    ]
    found = asking.data("query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=wanted)
    assert [one and one["id"] for one in found["nodes"]] == [*wanted[:5], None, None]
    kinds = [one["__typename"] for one in found["nodes"][:5]]
    assert kinds == ["Order", "Customer", "Refund", "Return", "ReturnReasonDefinition"]
    one = asking.data(
        "query Q($id: ID!) { return(id: $id) { order { id } refunds(first: 5) { nodes { id } } } }",
        id=wanted[3],
    )
    assert one["return"]["order"]["id"] == wanted[0]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ orders(first: 251) { nodes { id } } }", "BAD_REQUEST"),
        ("{ orders { nodes { id } } }", "BAD_REQUEST"),
        ("{ orders(first: 5) { nodes { id lineItems { nodes { id } } } } }", "BAD_REQUEST"),
        ("{ returns(first: 5) { nodes { id } } }", "undefinedField"),
        (
            "{ orders(first: 250) { nodes { returns(first: 250) { nodes { "
            "returnLineItems(first: 50) { nodes { id } } } } } } }",
            "MAX_COST_EXCEEDED",
        ),
    ],
)
def test_what_the_api_never_gives_is_refused(asking: Asking, query: str, code: str) -> None:
    answer = asking.raw(query)
    assert "data" not in answer and "extensions" not in answer
    assert answer["errors"][0]["extensions"]["code"] == code


def test_a_cursor_is_not_good_for_another_sort(asking: Asking) -> None:
    query = (
        "query Q($key: OrderSortKeys!, $after: String) { "
        "orders(first: 2, sortKey: $key, after: $after) { pageInfo { endCursor } } }"
    )
    cursor = asking.data(query, key="UPDATED_AT")["orders"]["pageInfo"]["endCursor"]
    answer = asking.raw(query, key="ID", after=cursor)
    assert answer["errors"][0]["message"] == "Invalid cursor for current pagination sort."


def test_the_bucket_pays_refuses_and_is_restored() -> None:
    now = [0.0]
    endpoint = GraphQLEndpoint(Bucket(100, lambda: now[0]))
    bucket = endpoint.bucket
    assert bucket.status() == {
        "maximumAvailable": 2_000,
        "currentlyAvailable": 2_000,
        "restoreRate": 100,
    }
    bucket.take(500, 120)
    assert bucket.available == 1_880
    bucket.empty()
    assert bucket.available == 0
    now[0] = 7.5
    assert bucket.available == 750
    now[0] = 100
    assert bucket.available == 2_000


def test_a_slow_shop_throttles_and_says_when_to_come_back() -> None:
    query = "{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }"
    with shopify.running(1_000, SEED, restore_rate=10) as shop:
        asking = Asking(shop)
        answers = [asking.raw(query) for _ in range(4)]
        refused = next(one for one in answers if "errors" in one)
        assert refused["errors"][0]["extensions"]["code"] == "THROTTLED"
        cost = refused["extensions"]["cost"]
        assert cost["actualQueryCost"] is None
        status = cost["throttleStatus"]
        short = cost["requestedQueryCost"] - status["currentlyAvailable"]
        assert status["maximumAvailable"] == 200 and short > 0
        time.sleep(short / status["restoreRate"] + 0.1)
        assert "errors" not in asking.raw(query)


def test_tokens_versions_and_what_is_granted(asking: Asking) -> None:
    assert Asking(asking.shop, "wrong").post("{ shop { id } }").status_code == 401
    wrong = Asking(asking.shop, "wrong").get("shop.json").json()
    assert wrong["errors"].startswith("[API] Invalid API key or access token")
    url = f"{asking.shop.url}/admin/oauth/access_token"
    form = {
        "grant_type": "client_credentials",
        "client_id": asking.shop.client_id,
        "client_secret": asking.shop.client_secret,
    }
    granted = asking.session.post(url, data=form, timeout=10).json()
    assert granted["expires_in"] == 86_399 and "read_returns" in granted["scope"]
    assert Asking(asking.shop, granted["access_token"]).data("{ shop { currencyCode } }")
    refused = asking.session.post(url, data={**form, "client_secret": "x"}, timeout=10)
    assert refused.status_code == 401

    body = {"query": "{ shop { id } }"}
    for asked, served in ((VERSION, VERSION), ("2025-01", "2026-01"), ("2026-04", "2026-04")):
        path = f"{asking.shop.url}/admin/api/{asked}/graphql.json"
        answer = asking.session.post(path, json=body, timeout=10)
        assert answer.headers["X-Shopify-API-Version"] == served
    scopes = asking.data("{ currentAppInstallation { accessScopes { handle } } }")
    handles = {one["handle"] for one in scopes["currentAppInstallation"]["accessScopes"]}
    assert handles >= {"read_orders", "read_all_orders", "read_returns", "read_customers"}


def test_the_preflight_and_the_lists_beside_orders(asking: Asking) -> None:
    found = asking.data(
        "{ shop { name currencyCode ianaTimezone plan { displayName } } "
        "publicApiVersions { handle supported } "
        "orders(first: 1, sortKey: CREATED_AT) { nodes { createdAt } } "
        "returnReasonDefinitions(first: 250) { nodes { id handle name deleted } } "
        "customers(first: 250, sortKey: UPDATED_AT) { nodes { id numberOfOrders "
        "amountSpent { amount currencyCode } defaultEmailAddress { emailAddress } } } }"
    )
    assert found["shop"]["currencyCode"] == "AED"
    assert {one["handle"] for one in found["publicApiVersions"]} >= {VERSION}
    assert len(found["returnReasonDefinitions"]["nodes"]) == len(DEFINITIONS)
    assert found["orders"]["nodes"][0]["createdAt"].startswith("2025-1")
    customer = found["customers"]["nodes"][-1]
    assert isinstance(customer["numberOfOrders"], str)
    mine = asking.data(
        "query Q($id: ID!) { customer(id: $id) { orders(first: 50) { nodes { test } } } }",
        id=customer["id"],
    )["customer"]["orders"]["nodes"]
    assert len([one for one in mine if not one["test"]]) == int(customer["numberOfOrders"])
