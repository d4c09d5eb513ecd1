"""Orders that come in and change while somebody reads the tables."""

import threading
from datetime import timedelta

import duckdb

from demo.company import AS_OF
from demo.metabase.planned import late_order
from demo.metabase.rows import insert_order
from demo.metabase.shop_orders import ShopOrder

_FIRST_PLACE = 5_000


class Changes:
    """Changes of a shop, one at a time and the same ones on every run.

    They take turns: an order that is committed late, with a moment of half a year ago; and an old
    order that is touched, so that it moves to the end of what is ordered by its moment.
    """

    def __init__(self, shop: duckdb.DuckDBPyConnection) -> None:
        self._shop = shop
        self._lock = threading.Lock()
        self._count = 0
        self.orders: list[ShopOrder] = []

    def happen(self) -> None:
        """Let the next change happen."""
        with self._lock:
            place = self._count
            self._count += 1
            cursor = self._shop.cursor()
            try:
                if place % 2 == 0:
                    moment = AS_OF - timedelta(days=180, minutes=place)
                    order = late_order(_FIRST_PLACE + place, moment, moment)
                    cursor.execute("begin")
                    insert_order(cursor, order)
                    cursor.execute("commit")
                    self.orders.append(order)
                else:
                    cursor.execute(
                        "update orders set updated_at = $moment where order_id = "
                        "(select min(order_id) from orders where updated_at < $half_way)",
                        {
                            "moment": (AS_OF - timedelta(minutes=30)).replace(tzinfo=None),
                            "half_way": (AS_OF - timedelta(days=200)).replace(tzinfo=None),
                        },
                    )
            finally:
                cursor.close()
