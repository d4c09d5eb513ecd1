"""Answers of live shops, and Shopify's own REST examples, give the numbers that stand in them."""

from collections.abc import Mapping
from typing import Any

import pytest
from shopify_facts import capture, needs_recordings, rest_example

from extract.shopify import flatten_graphql, flatten_rest
from extract.shopify.rows import Rows
from extract.shopify.tables import TABLES

Flat = dict[str, list[dict[str, str | None]]]


def flat(rows: Rows) -> Flat:
    names = {table.name: table.column_names[1:] for table in TABLES}
    return {
        table: [dict(zip(names[table], row, strict=True)) for row in found]
        for table, found in rows.tables.items()
        if found
    }


def flat_order(order: Mapping[str, Any]) -> Flat:
    rows = Rows("shop")
    flatten_graphql.flatten_order(order, rows)
    return flat(rows)


def flat_rest_order(order: Mapping[str, Any]) -> Flat:
    rows = Rows("shop")
    flatten_rest.flatten_order(order, rows)
    return flat(rows)


@needs_recordings
def test_one_of_two_units_and_the_shipping_come_back_in_one_transaction() -> None:
    recorded = capture("2025-01_orders_refund-create-partial-shipping-restock-parity")
    order = recorded["downstreamRead"]["response"]["data"]["order"]
    refund = recorded["mutation"]["response"]["data"]["refundCreate"]["refund"]
    found = flat_order({**order, "refunds": [refund]})

    assert found["orders"][0]["financial_status"] == "PARTIALLY_REFUNDED"
    assert found["orders"][0]["total_refunded_shop_amount"] == "15.0"
    (line,) = found["refund_lines"]
    assert (line["quantity"], line["subtotal_shop_amount"]) == ("1", "10.0")
    assert (line["restock_type"], line["is_restocked"]) == ("RETURN", "true")
    assert (line["refund_line_id"], line["order_line_id"]) == ("654574944562", "19495196164402")
    assert found["refunds"][0]["total_refunded_shop_amount"] == "15.0"
    sale, refunded = found["transactions"]
    assert (sale["kind"], sale["amount_shop_amount"], sale["refund_id"]) == ("SALE", "25.0", None)
    assert (refunded["kind"], refunded["amount_shop_amount"]) == ("REFUND", "15.0")
    assert refunded["refund_id"] == found["refunds"][0]["refund_id"] == "1028613341490"


@needs_recordings
def test_both_currencies_of_an_order_are_kept() -> None:
    recorded = capture("2025-01_orders_money-bag-presentment-parity")
    order = recorded["orderCreate"]["response"]["payload"]["data"]["orderCreate"]["order"]
    paid = recorded["markAsPaid"]["response"]["payload"]["data"]["orderMarkAsPaid"]["order"]
    refund = recorded["refund"]["response"]["payload"]["data"]["refundCreate"]["refund"]
    line = {"id": "gid://shopify/LineItem/1", **order["lineItems"]["nodes"][0]}
    found = flat_order(
        {
            **order,
            "lineItems": {"nodes": [line]},
            "transactions": paid["transactions"],
            "refunds": [{"id": "gid://shopify/Refund/2", **refund}],
        }
    )

    sold = found["orders"][0]
    assert (sold["total_shop_amount"], sold["total_presentment_amount"]) == ("13.5", "9.0")
    assert sold["total_tax_shop_amount"] == "1.5"
    unit = found["order_lines"][0]
    assert (unit["unit_price_shop_amount"], unit["unit_price_presentment_amount"]) == (
        "12.0",
        "8.0",
    )
    transaction = found["transactions"][0]
    assert transaction["amount_shop_amount"] == "12.77"
    assert (transaction["amount_presentment_amount"], transaction["presentment_currency"]) == (
        "9.0",
        "USD",
    )
    refunded = found["refunds"][0]
    assert (refunded["total_refunded_shop_amount"], refunded["currency"]) == ("7.1", "CAD")
    assert refunded["total_refunded_presentment_amount"] == "5.0"


@needs_recordings
@pytest.mark.parametrize(
    ("step", "order_status", "return_statuses"),
    [
        ("readAfterFirstRequest", "RETURN_REQUESTED", ["REQUESTED"]),
        ("readAfterApprove", "IN_PROGRESS", ["OPEN"]),
        ("readAfterSecondRequest", "RETURN_REQUESTED", ["OPEN", "REQUESTED"]),
        ("readAfterDecline", "IN_PROGRESS", ["OPEN", "DECLINED"]),
        ("readAfterClose", "RETURNED", ["CLOSED", "DECLINED"]),
        ("readAfterReopen", "IN_PROGRESS", ["OPEN", "DECLINED"]),
        ("readAfterProcess", "IN_PROGRESS", ["OPEN", "DECLINED"]),
    ],
)
def test_a_return_goes_through_its_life(
    step: str, order_status: str, return_statuses: list[str]
) -> None:
    recorded = capture("2026-04_orders_order-return-status-lifecycle")["mixedCase"][step]
    found = flat_order(recorded["response"]["payload"]["data"]["detail"])
    assert found["orders"][0]["return_status"] == order_status
    assert [each["status"] for each in found["returns"]] == return_statuses
    closed = [each["closed_at"] for each in found["returns"] if each["status"] == "CLOSED"]
    assert closed == (["2026-07-10T17:02:51Z"] if step == "readAfterClose" else [])
    for returned in found["returns"]:
        lines = [
            line for line in found["return_lines"] if line["return_id"] == returned["return_id"]
        ]
        assert sum(int(line["quantity"] or "") for line in lines) == int(
            returned["total_quantity"] or ""
        )
    assert {line["line_type"] for line in found["return_lines"]} == {"ReturnLineItem"}
    processed = [line["processed_quantity"] for line in found["return_lines"]]
    assert ("1" in processed) == (step == "readAfterProcess")


@needs_recordings
def test_reason_definitions_have_the_handles_that_returns_name() -> None:
    recorded = capture("2026-04_orders_return-reason-validation")
    answer = recorded["setup"]["returnReasonDefinitions"]["response"]["payload"]["data"]
    rows = Rows("shop")
    for definition in answer["returnReasonDefinitions"]["nodes"]:
        flatten_graphql.flatten_return_reason(definition, rows)
    by_id = {row["reason_id"]: row for row in flat(rows)["return_reasons"]}
    assert by_id["5"] == {
        "reason_id": "5",
        "handle": "other-reason",
        "name": "Other",
        "is_deleted": "false",
    }
    assert by_id["6"]["handle"] == "damaged-or-defective"


@needs_recordings
def test_the_rest_order_gives_its_refund_and_its_net_quantities() -> None:
    found = flat_rest_order(rest_example("order_00")["orders"][0])
    order = found["orders"][0]
    assert (order["order_id"], order["order_name"]) == ("450789469", "#1001")
    assert (order["total_shop_amount"], order["current_total_shop_amount"]) == ("598.94", "199.65")
    assert order["created_at"] == "2008-01-10T11:00:00-05:00"
    assert (order["return_status"], order["is_edited"]) == (None, None)
    lines = {line["order_line_id"]: line for line in found["order_lines"]}
    green = lines["466157049"]
    assert (green["quantity"], green["current_quantity"]) == ("1", "0")
    assert (green["discount_shop_amount"], green["tax_shop_amount"]) == ("3.34", "3.98")
    assert [line["position"] for line in found["order_lines"]] == ["1", "2", "3"]
    refunded = {line["order_line_id"]: line for line in found["refund_lines"]}
    # The plain amounts beside these are JSON numbers.
    assert refunded["703073504"]["subtotal_shop_amount"] == "195.66"
    assert refunded["466157049"]["tax_presentment_amount"] == "3.98"
    assert refunded["466157049"]["refund_line_id"] == "709875399"
    assert refunded["466157049"]["restock_type"] == "legacy_restock"
    (refund,) = found["refunds"]
    assert refund["total_refunded_shop_amount"] == order["total_refunded_shop_amount"] == "209.00"
    (transaction,) = found["transactions"]
    assert transaction["parent_transaction_id"] == "801038806"
    assert transaction["refund_id"] == refund["refund_id"]
    (fulfillment,) = found["fulfillments"]
    assert (fulfillment["status"], fulfillment["total_quantity"]) == ("failure", "1")
    assert "returns" not in found


@needs_recordings
def test_rest_customers_keep_their_tags_and_address() -> None:
    rows = Rows("shop")
    for customer in rest_example("customer_00")["customers"]:
        flatten_rest.flatten_customer(customer, rows)
    steve, bob = flat(rows)["customers"]
    assert (steve["tags"], steve["country"], steve["orders_count"]) == ("[]", "CA", "0")
    assert (bob["tags"], bob["country"]) == ('["Léon", "Noël"]', "US")
    assert (bob["amount_spent"], bob["amount_spent_currency"]) == ("199.65", "USD")
    assert (bob["address1"], bob["city"]) == ("Chestnut Street 92", "Louisville")
    assert bob["zip"] == "40202"


def test_what_an_order_does_not_say_stays_null() -> None:
    found = flat_order({"id": "gid://shopify/Order/7?x=y", "customer": None})
    assert found == {"orders": [dict.fromkeys(found["orders"][0], None) | {"order_id": "7"}]}


def test_refund_lines_without_an_id_stay_apart() -> None:
    nodes = [{"id": None, "quantity": 1}, {"quantity": 2}]
    refund = {"id": "gid://shopify/Refund/3", "refundLineItems": {"nodes": nodes}}
    found = flat_order({"id": "gid://shopify/Order/1", "refunds": [refund]})
    assert [line["refund_line_id"] for line in found["refund_lines"]] == ["3-1", "3-2"]


def test_a_transaction_that_failed_is_no_money_back() -> None:
    failed = {"id": 1, "kind": "refund", "status": "failure", "amount": "5.00", "currency": "AED"}
    paid = {**failed, "id": 2, "status": "success", "amount": "2.50"}
    refund = {"id": 3, "transactions": [failed, paid]}
    order = {"id": 4, "currency": "AED", "presentment_currency": "AED", "refunds": [refund]}
    assert flat_rest_order(order)["refunds"][0]["total_refunded_shop_amount"] == "2.50"


def test_rest_lists_the_shipping_of_a_refund_and_names_its_return() -> None:
    money = {"shop_money": {"amount": "5.00"}, "presentment_money": {"amount": "1.36"}}
    shipping = {"id": 6, "subtotal_amount_set": money, "tax_amount_set": money}
    refund = {"id": 5, "return": {"id": 9}, "refund_shipping_lines": [shipping]}
    found = flat_rest_order({"id": 4, "currency": "AED", "refunds": [refund]})
    assert found["refunds"][0]["return_id"] == "9"
    (line,) = found["refund_shipping_lines"]
    assert (line["refund_id"], line["refund_shipping_line_id"]) == ("5", "6")
    assert (line["subtotal_shop_amount"], line["tax_presentment_amount"]) == ("5.00", "1.36")


def test_discounts_of_a_line_are_added_exactly() -> None:
    def discount(amount: str) -> dict[str, Any]:
        money = {"shopMoney": {"amount": amount}, "presentmentMoney": {"amount": "1.0"}}
        return {"allocatedAmountSet": money}

    line = {
        "id": "gid://shopify/LineItem/1",
        "discountAllocations": [discount("0.1"), discount("0.2")],
    }
    order = {"id": "gid://shopify/Order/1", "lineItems": {"nodes": [line]}}
    (found,) = flat_order(order)["order_lines"]
    assert (found["discount_shop_amount"], found["discount_presentment_amount"]) == ("0.3", "2.0")
