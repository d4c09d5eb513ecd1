"""What a planned order of the shop is made of."""

from dataclasses import dataclass
from datetime import datetime

FIRST_ORDER_ID = 2**53 + 1_000_009
_ID_STEP = 100
FIRST_CUSTOMER_ID = 8_000_001
CUSTOMERS = 6


@dataclass(frozen=True)
class ShopItem:
    """One line. Amounts in subunits, the discount of the whole line."""

    unit_amount: int
    quantity: int = 1
    discount: int = 0
    cancelled: int = 0
    is_gift_card: bool = False
    is_in_catalogue: bool = True

    @property
    def line_amount(self) -> int:
        """Return what the customer paid for the line, cancelled units included."""
        return self.unit_amount * self.quantity - self.discount


@dataclass(frozen=True)
class ShopRefundItem:
    """Units and money of one line of a refund; `line` is the place of the line in its order."""

    line: int
    quantity: int
    amount: int
    reason: str | None = None


@dataclass(frozen=True)
class ShopRefund:
    """A refund. `bare_amount` is money that belongs to no line."""

    kind: str
    items: tuple[ShopRefundItem, ...] = ()
    bare_amount: int = 0
    shipping: int = 0
    status: str = "refunded"
    currency: str | None = None
    reason: str | None = "Changed my mind"
    note: str | None = None
    days: int = 5

    @property
    def amount(self) -> int:
        """Return all of its money, in subunits of its currency."""
        return sum(item.amount for item in self.items) + self.bare_amount + self.shipping


@dataclass(frozen=True)
class ShopOrder:
    """An order with all that belongs to it. Moments are UTC."""

    place: int
    story: str
    ordered_at: datetime
    currency: str
    items: tuple[ShopItem, ...]
    refunds: tuple[ShopRefund, ...] = ()
    status: str = "delivered"
    customer: int | None = 1
    shipping: int = 0
    tax: int = 0
    is_test: bool = False
    updated_at: datetime | None = None

    @property
    def order_id(self) -> int:
        """Return the id in the tables."""
        return FIRST_ORDER_ID + self.place * _ID_STEP

    @property
    def order_number(self) -> str:
        """Return the number that customers see."""
        return f"DEX{self.place:07d}"
