"""Bulk operations of the demo shop: the rows of the pages, and Shopify's refusals."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from shopify_shared import LINES, SEED, Asking

from demo import shopify

BULK = """{
  orders(query: "updated_at:>='2026-01-01T00:00:00Z'") { edges { node {
    id name updatedAt totalPriceSet { shopMoney { amount currencyCode } }
    fulfillments { id deliveredAt }
    refunds { id totalRefundedSet { shopMoney { amount currencyCode } } }
    lineItems { edges { node { id quantity currentQuantity sku } } }
    returns { edges { node {
      id status
      returnLineItems { edges { node {
        __typename id quantity returnReasonDefinition { handle }
        ... on ReturnLineItem { fulfillmentLineItem { lineItem { id } } }
      } } }
      refunds { edges { node { id } } }
    } } }
  } } }
}"""
PAGES = """
  id name updatedAt totalPriceSet { shopMoney { amount currencyCode } }
  fulfillments(first: 50) { id deliveredAt }
  refunds(first: 50) { id totalRefundedSet { shopMoney { amount currencyCode } } }
  lineItems(first: 100) { nodes { id quantity currentQuantity sku } }
  returns(first: 20) { nodes {
    id status
    returnLineItems(first: 60) { nodes {
      __typename id quantity returnReasonDefinition { handle }
      ... on ReturnLineItem { fulfillmentLineItem { lineItem { id } } }
    } }
    refunds(first: 5) { nodes { id } }
  } }
"""
RUN = (
    "mutation Run($query: String!) { bulkOperationRunQuery(query: $query) { "
    "bulkOperation { id status objectCount url } userErrors { field message code } } }"
)


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    with shopify.running(LINES, SEED) as shop:
        yield Asking(shop)


def _rows(url: str) -> list[dict[str, Any]]:
    # A signed URL needs no token.
    answer = requests.get(url, timeout=30)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/jsonl"
    return [json.loads(line) for line in answer.text.splitlines()]


def _joined(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put every row under its parent, whatever the order of the lines."""
    by_id = {}
    for row in rows:
        kind = row["id"].split("/")[3]
        if kind == "Order":
            row |= {"lineItems": {"nodes": []}, "returns": {"nodes": []}}
        if kind == "Return":
            row |= {"returnLineItems": {"nodes": []}, "refunds": {"nodes": []}}
        by_id[row["id"], row.get("__parentId")] = row
    parents = {row["id"]: row for row in rows if row["id"].split("/")[3] in ("Order", "Return")}
    names = {"LineItem": "lineItems", "Return": "returns", "Refund": "refunds"}
    for row in rows:
        parent = row.pop("__parentId", None)
        if parent is not None:
            name = names.get(row["id"].split("/")[3], "returnLineItems")
            parents[parent][name]["nodes"].append(row)
    return [row for row in rows if row["id"].split("/")[3] == "Order"]


def test_bulk_rows_are_the_rows_of_the_pages(asking: Asking) -> None:
    operation = asking.bulk(BULK)
    assert (operation["status"], operation["errorCode"]) == ("COMPLETED", None)
    rows = _rows(operation["url"])
    assert operation["objectCount"] == str(len(rows))
    kinds = [row["id"].split("/")[3] for row in rows]
    assert operation["rootObjectCount"] == str(kinds.count("Order"))
    # No order is promised, and none is kept: some children come before their parents.
    assert kinds.index("ReturnLineItem") < kinds.index("Order") < kinds.index("LineItem")
    paged = asking.every_order(PAGES, 12, "updated_at:>='2026-01-01T00:00:00Z'")
    by_id = {one["id"]: one for one in _joined(rows)}
    assert by_id == {one["id"]: one for one in paged}
    assert len(paged) > 400


def test_grouped_children_follow_their_parent(asking: Asking) -> None:
    answer = asking.data(
        "mutation Run($query: String!) { bulkOperationRunQuery(query: $query, groupObjects: true) "
        "{ bulkOperation { id } userErrors { message } } }",
        query="{ orders { edges { node { id lineItems { edges { node { id } } } } } } }",
    )
    number = answer["bulkOperationRunQuery"]["bulkOperation"]["id"]
    while True:
        found = asking.data(
            "query Q($id: ID!) { bulkOperation(id: $id) { status url } }", id=number
        )
        if found["bulkOperation"]["status"] == "COMPLETED":
            break
    parent = None
    for row in _rows(found["bulkOperation"]["url"]):
        if "__parentId" in row:
            assert row["__parentId"] == parent
        else:
            parent = row["id"]


def test_nothing_found_has_no_url(asking: Asking) -> None:
    operation = asking.bulk(
        "{ orders(query: \"created_at:>='2027-01-01T00:00:00Z'\") { edges { node { id } } } }"
    )
    assert (operation["status"], operation["objectCount"]) == ("COMPLETED", "0")
    assert operation["url"] is None


def test_customers_and_operations_are_listed(asking: Asking) -> None:
    operation = asking.bulk("{ customers { edges { node { id numberOfOrders } } } }")
    assert (
        len(_rows(operation["url"]))
        == asking.data("{ customersCount { count } }")["customersCount"]["count"]
    )
    found = asking.data(
        "query Q($done: String, $running: String) { currentBulkOperation { id } "
        "bulkOperations(first: 50, query: $done) { nodes { id } } "
        "running: bulkOperations(first: 5, query: $running) { nodes { id } } }",
        done="status:COMPLETED operation_type:QUERY",
        running="status:RUNNING",
    )
    assert operation["id"] in {one["id"] for one in found["bulkOperations"]["nodes"]}
    assert found["currentBulkOperation"]["id"] == operation["id"]
    assert found["running"]["nodes"] == []


def _edges(name: str, fields: str) -> str:
    return f"{name} {{ edges {{ node {{ {fields} }} }} }} "


_CANCEL = 'bulkOperationCancel(id: "gid://shopify/BulkOperation/1") { userErrors { message } }'
_LINES = _edges("lineItems", "id")
_REFUND_LINES = _edges("refundLineItems", "id")
_OF_RETURNS = "".join(
    _edges(name, "id") for name in ("returnLineItems", "refunds", "exchangeLineItems")
)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("orders { nodes { id } }", "Selecting via 'nodes' is not supported."),
        (
            _edges("orders", f"id refunds {{ {_REFUND_LINES} }}"),
            "Queries that contain a connection field within a list field are not currently "
            "supported.",
        ),
        ("shop { id }", "Bulk queries must contain at least one connection."),
        (_edges("orders", f"name {_LINES}"), "must select the 'id' field without an alias."),
        (
            _edges("orders", "id " + _edges("returns", "id " + _edges("refunds", _REFUND_LINES))),
            "nesting depth greater than 2.",
        ),
        (
            _edges(
                "orders",
                "id "
                + _LINES
                + _edges("shippingLines", "id")
                + _edges("returns", f"id {_OF_RETURNS}"),
            ),
            "Bulk queries cannot contain more than 5 connections.",
        ),
        (_edges("orders", "nothing"), "Invalid bulk query:"),
    ],
)
def test_the_validators_refuse_in_shopifys_words(asking: Asking, query: str, told: str) -> None:
    answer = asking.data(RUN, query=f"{{ {query} }}")["bulkOperationRunQuery"]
    assert answer["bulkOperation"] is None
    (error,) = answer["userErrors"]
    assert told in error["message"] and error["code"] == "INVALID"


def test_only_queries_run_in_bulk(asking: Asking) -> None:
    answer = asking.data(RUN, query=f"mutation {{ {_CANCEL} }}")["bulkOperationRunQuery"]
    told = "Invalid operation type. Only `query` operations are supported."
    assert [one["message"] for one in answer["userErrors"]] == [told]


def test_five_operations_run_at_once_and_a_sixth_is_refused(asking: Asking) -> None:
    lock = asking.shop.app._lock
    answers = []
    with lock:
        # While the shop is held, nothing that was taken can finish.
        for _ in range(6):
            answers.append(asking.shop.app.bulk.run(BULK, False))
    assert [one["userErrors"] for one in answers[:5]] == [[]] * 5
    (error,) = answers[5]["userErrors"]
    assert error["code"] == "OPERATION_IN_PROGRESS"
    assert error["message"].count("gid://shopify/BulkOperation/") == 5


def test_a_running_operation_can_be_cancelled(asking: Asking) -> None:
    bulk = asking.shop.app.bulk
    for thread in list(bulk._threads):
        thread.join()
    with asking.shop.app._lock:
        number = int(bulk.run(BULK, False)["bulkOperation"]["id"].rpartition("/")[2])
        assert bulk.cancel(number)["bulkOperation"]["status"] == "CANCELING"
    bulk._threads[-1].join()
    record = bulk.find(number)
    assert record is not None and (record["status"], record["url"]) == ("CANCELED", None)
    assert bulk.cancel(number)["userErrors"][0]["message"].endswith("when it is canceled")


def test_a_wrong_signature_opens_nothing(asking: Asking) -> None:
    operation = asking.bulk("{ orders { edges { node { id } } } }")
    url = operation["url"].rpartition("=")[0] + "=" + "0" * 32
    assert requests.get(url, timeout=10).status_code == 400
