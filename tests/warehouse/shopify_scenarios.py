"""The orders of the hand-made shop, each odd in one way. Their names say in which."""

from shopify_shop import Shop


def money(shop: Shop) -> None:
    """Add refunds whose money differs from that of their lines, or is in two currencies."""
    shop.order("partial", {"quantity": 2, "current_quantity": 1}, total_shipping_shop_amount=5)
    shop.refund("partial", 1, 15, (1, 1, "RETURN", 10), shipping=5, note="it broke on the way")

    shop.order(
        "usd",
        {
            "price": 12,
            "current_quantity": 0,
            "unit_price_presentment_amount": 8,
            "presentment_currency": "USD",
        },
        presentment_currency="USD",
    )
    shop.refund("usd", 1, "13.5", (1, 1, "RETURN", 12), tax="1.5", presentment_currency="USD")

    # The rate moved between the order (1.5) and the payment back (1.42).
    shop.order(
        "drifted",
        {
            "price": 12,
            "current_quantity": 0,
            "unit_price_presentment_amount": 8,
            "presentment_currency": "USD",
        },
        presentment_currency="USD",
        total_shop_amount="13.5",
        total_tax_shop_amount="1.5",
        total_presentment_amount=9,
    )
    shop.refund("drifted", 1, "12.78", (1, 1, "RETURN", 12), tax="1.5", presentment_currency="USD")
    shop.rows["refund_lines"][-1] |= {
        "subtotal_presentment_amount": "8",
        "tax_presentment_amount": "1",
    }
    shop.rows["transactions"][-1] |= {"amount_presentment_amount": "9"}
    shop.refund("drifted", 2, "1.42", presentment_currency="USD")
    shop.rows["transactions"][-1] |= {"amount_presentment_amount": "1"}

    shop.order(
        "thirds",
        {"quantity": 3, "current_quantity": 0, "price": "33.33", "discount_shop_amount": 10},
    )
    shop.refund("thirds", 1, "89.99", (1, 3, "RETURN", "89.99"))

    shop.order("vat", {"price": 105, "current_quantity": 0}, taxes_included=True)
    shop.refund("vat", 1, 105, (1, 1, "RETURN", 105), tax=5)

    shop.order("vat_apart", {"price": 105, "current_quantity": 0}, taxes_included=True)
    shop.refund("vat_apart", 1, 105, (1, 1, "RETURN", 100), tax=5)

    shop.order("half", {"price": 100, "current_quantity": 0})
    shop.refund("half", 1, 60, (1, 1, "RETURN", 100))
    shop.add(
        "order_adjustments",
        order_id="half",
        refund_id="half-r1",
        adjustment_id="1",
        reason="REFUND_DISCREPANCY",
        amount_shop_amount=40,
    )

    shop.order("goodwill", {"price": 100})
    shop.refund("goodwill", 1, "7.5", note="sorry for the wait")

    shop.order("postage", {"price": 100})
    shop.refund("postage", 1, 8, (1, 0, "NO_RESTOCK", 0))
    shop.rows["refund_lines"].pop()
    shop.add(
        "order_adjustments",
        order_id="postage",
        refund_id="postage-r1",
        adjustment_id="2",
        kind="shipping_refund",
        amount_shop_amount=-8,
        tax_shop_amount=0,
    )


def payments(shop: Shop) -> None:
    """Add refunds whose money did not move, moved on the second try, or moved twice."""
    for order_id, status in (("failed", "FAILURE"), ("pending", "PENDING")):
        shop.order(order_id, {"price": 30, "current_quantity": 0})
        shop.refund(order_id, 1, 30, (1, 1, "RETURN", 30), status=status)

    shop.order("retried", {"price": 30, "current_quantity": 0})
    shop.refund("retried", 1, 30, (1, 1, "RETURN", 30), status="FAILURE")
    shop.transaction("retried", 1, 2, 30, "SUCCESS")

    shop.order("twice", {"price": 20, "current_quantity": 0})
    shop.refund("twice", 1, 20, (1, 1, "RETURN", 20))
    shop.refund("twice", 2, 20, (1, 1, "NO_RESTOCK", 20))

    shop.order("unpaid", {"price": 20, "current_quantity": 0}, financial_status="PENDING")
    shop.refund("unpaid", 1, None, (1, 1, "RETURN", 20))


def left_out(shop: Shop) -> None:
    """Add what is no sale: gift cards, tips, tests, the future; guests and redacted customers."""
    shop.order(
        "gift",
        {"price": 100, "current_quantity": 0},
        {"price": 50, "is_gift_card": True, "current_quantity": 0, "requires_shipping": False},
    )
    shop.refund("gift", 1, 150, (1, 1, "RETURN", 100), (2, 1, "NO_RESTOCK", 50))

    shop.order("test", {"price": 999, "current_quantity": 0}, is_test=True)
    shop.refund("test", 1, 999, (1, 1, "RETURN", 999))

    shop.order(
        "tip",
        {"price": 40},
        {
            "title": "Tip",
            "price": 5,
            "sku": None,
            "product_id": None,
            "variant_id": None,
            "requires_shipping": False,
        },
    )

    shop.order("late", {"price": 40}, processed_at="2026-08-01T00:00:00Z")
    shop.order("guest", {"price": 40}, customer_id=None, email="guest@example.com")
    shop.order("redacted", {"price": 40}, customer_id="c9", email=None)


def units(shop: Shop) -> None:
    """Add units that never left: edited away, cancelled, voided; and parcels."""
    # 5 for 12 less a fifth: an edit took one off, two came back.
    shop.order(
        "edited",
        {"quantity": 5, "current_quantity": 2, "price": 12, "discount_shop_amount": 12},
        is_edited=True,
    )
    shop.refund("edited", 1, "19.2", (1, 2, "RETURN", "19.2"))

    shop.order("fewer", {"quantity": 3, "current_quantity": 2, "price": 10})
    shop.refund("fewer", 1, 10, (1, 1, "CANCEL", 10))

    # Two of five were paid back before they left; two others came back and are not paid yet.
    shop.order("both", {"quantity": 5, "current_quantity": 1, "price": 10})
    shop.refund("both", 1, 20, (1, 2, "CANCEL", 20))
    shop.goods_return("both", 1, "CLOSED", quantity=2, processed_quantity=2)

    shop.order("dropped", {"quantity": 3, "current_quantity": 2, "price": 10}, is_edited=True)
    shop.refund("dropped", 1, None, (1, 1, "NO_RESTOCK", 10))

    shop.order(
        "called_off",
        {"quantity": 2, "current_quantity": 0},
        delivered_at=None,
        cancelled_at="2026-03-01T12:00:00Z",
        cancel_reason="INVENTORY",
    )
    shop.refund("called_off", 1, 20, (1, 2, "NO_RESTOCK", 20))

    shop.order("voided", {"quantity": 1}, delivered_at=None, financial_status="VOIDED")

    shop.order("refused", {"price": 70, "current_quantity": 0}, delivered_at=None)
    shop.add(
        "fulfillments",
        order_id="refused",
        fulfillment_id="refused-f1",
        status="SUCCESS",
        display_status="NOT_DELIVERED",
    )
    shop.refund("refused", 1, 70, (1, 1, "RETURN", 70))

    shop.order("split", {"quantity": 2}, delivered_at="2026-03-04T12:00:00Z")
    for number, (status, moment) in enumerate(
        (("SUCCESS", "2026-03-09T12:00:00Z"), ("CANCELLED", "2026-03-30T12:00:00Z")), start=2
    ):
        shop.add(
            "fulfillments",
            order_id="split",
            fulfillment_id=f"split-f{number}",
            status=status,
            delivered_at=moment,
        )


def returns(shop: Shop) -> None:
    """Add restock types, returns, their reasons and states, and exchanges."""
    shop.order("kept", {"price": 25, "current_quantity": 0})
    shop.refund("kept", 1, 25, (1, 1, "NO_RESTOCK", 25), note="customer keeps the item")

    shop.order("linked", {"price": 25, "current_quantity": 0})
    shop.goods_return("linked", 1, "CLOSED", reason_handle="too-small")
    shop.refund("linked", 1, 25, (1, 1, "NO_RESTOCK", 25), return_id="linked-x1", note="ok")

    # By REST no more is known of a return than that there is one, if that.
    shop.order("unseen", {"price": 25, "current_quantity": 0})
    shop.refund("unseen", 1, 25, (1, 1, "NO_RESTOCK", 25), return_id="unseen-x1", note="ok")

    shop.order("came_back", {"price": 25, "current_quantity": 0})
    shop.goods_return(
        "came_back", 1, "CLOSED", reason_handle="other-reason", customer_note="Lid is cracked"
    )
    shop.refund("came_back", 1, 25, (1, 1, "NO_RESTOCK", 25))

    shop.order("legacy", {"price": 25, "current_quantity": 0})
    shop.refund("legacy", 1, 25, (1, 1, "legacy_restock", 25))

    shop.order("cycle", {"quantity": 6})
    for number, status in enumerate(("REQUESTED", "OPEN", "DECLINED", "CANCELED", "CLOSED"), 1):
        shop.goods_return("cycle", number, status, return_reason="DEFECTIVE")

    # One for one; the new one dearer, which no refund speaks of; and one that was paid back later.
    shop.order("swap", {"price": 100, "current_quantity": 0}, {"price": 100})
    shop.goods_return("swap", 1, "CLOSED", return_reason="STYLE")
    shop.exchange("swap", 1, 2)
    shop.refund("swap", 1, None, (1, 1, "NO_RESTOCK", 100), return_id="swap-x1")

    shop.order("dearer", {"price": 100, "current_quantity": 0}, {"price": 150})
    shop.goods_return("dearer", 1, "CLOSED", return_reason="STYLE")
    shop.exchange("dearer", 1, 2)

    shop.order(
        "swap_back", {"price": 100, "current_quantity": 0}, {"price": 100, "current_quantity": 0}
    )
    shop.goods_return("swap_back", 1, "CLOSED", return_reason="STYLE")
    shop.exchange("swap_back", 1, 2)
    shop.refund("swap_back", 1, None, (1, 1, "NO_RESTOCK", 100), return_id="swap_back-x1")
    shop.refund("swap_back", 2, 100, (2, 1, "RETURN", 100))


SCENARIOS = (money, payments, left_out, units, returns)
