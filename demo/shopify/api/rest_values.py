"""Ids, money and moments as the REST Admin API writes them."""

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from demo.shopify.shop.drafts import UTC_OFFSET_HOURS
from demo.shopify.shop.values import Record

_ZONE = timezone(timedelta(hours=UTC_OFFSET_HOURS))


@lru_cache(maxsize=200_000)
def local_time(moment: str | None) -> str | None:
    """Return a moment in the shop's own time, with its offset."""
    if moment is None:
        return None
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(_ZONE).isoformat()


def number_of(gid: str) -> int:
    """Return the number in a global id."""
    return int(gid.rpartition("/")[2].partition("?")[0])


def amount_of(money: Record) -> str:
    """Return an amount with both its decimals, as REST writes it."""
    whole, _, part = money["amount"].partition(".")
    return f"{whole}.{part.ljust(2, '0')}"


def negative(money: Record) -> Record:
    """Return the amount with its sign turned."""
    amount = money["amount"]
    turned = amount[1:] if amount.startswith("-") else f"-{amount}"
    return {**money, "amount": turned}


def money_set(bag: Record) -> Record:
    """Return both amounts of a MoneyBag."""
    return {
        "shop_money": _money(bag["shopMoney"]),
        "presentment_money": _money(bag["presentmentMoney"]),
    }


def _money(money: Record) -> Record:
    return {"amount": amount_of(money), "currency_code": money["currencyCode"]}


def shop_amount(bag: Record) -> str:
    """Return the amount of a MoneyBag in the shop's currency."""
    return amount_of(bag["shopMoney"])


def numbers_for_amounts(value: Any) -> Any:
    """Return a JSON value whose amounts are numbers, as some shops' REST answers have them."""
    if isinstance(value, list):
        return [numbers_for_amounts(one) for one in value]
    if isinstance(value, dict):
        return {
            name: float(one)
            if name in _AMOUNTS and isinstance(one, str)
            else numbers_for_amounts(one)
            for name, one in value.items()
        }
    return value


_AMOUNTS = frozenset(
    (
        "amount",
        "current_subtotal_price",
        "current_total_discounts",
        "current_total_price",
        "current_total_tax",
        "discounted_price",
        "price",
        "subtotal_price",
        "tax_amount",
        "total_discount",
        "total_discounts",
        "total_line_items_price",
        "total_outstanding",
        "total_price",
        "total_spent",
        "total_tax",
    )
)
