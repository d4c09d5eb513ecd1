"""Order numbers as each marketplace prints them; `sql/orders.sql` computes the same in SQL."""

from demo.company.channels import SubChannel

SCATTER = 1_973_456_789
SHIFT = 271_828_182
SPACE = 10_000_000_000
"""number -> (number * SCATTER + SHIFT) % SPACE has an inverse, as SCATTER shares no factor with
SPACE: order ids look drawn by lot and never collide."""


def scattered(number: int) -> int:
    """Return the ten digits that stand for an order in its id."""
    return (number * SCATTER + SHIFT) % SPACE


def order_id(sub_channel: SubChannel, number: int) -> str:
    """Return the id that a marketplace prints for an order of the company."""
    digits = scattered(number)
    match sub_channel.order_id_style:
        case "amazon":
            check = digits * 7919 % 10_000
            head = 402 + sub_channel.number
            return f"{head}-{digits // 1000:07d}-{digits % 1000:03d}{check:04d}"
        case "noon":
            return f"NAEI{digits:010d}"
        case "onbuy":
            return "OB" + _base36(digits).rjust(7, "0")
        case "walmart":
            return f"20001{digits:010d}"
        case "shopify":
            return f"571{digits:010d}"
        case style:
            return f"{style[:2].upper()}{digits:010d}"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits or "0"
