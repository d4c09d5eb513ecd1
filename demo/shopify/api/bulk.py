"""Bulk operations: none is served yet."""

from typing import Any

from demo.shopify.shop.values import Record


class BulkDesk:
    """Refuses every operation."""

    def run(self, query: str, group_objects: bool) -> Record:
        """Refuse."""
        return {
            "bulkOperation": None,
            "userErrors": [
                {
                    "__typename": "BulkOperationUserError",
                    "field": None,
                    "message": "Not served yet.",
                    "code": "INVALID",
                }
            ],
        }

    def cancel(self, number: int) -> Record:
        """Refuse."""
        return {"bulkOperation": None, "userErrors": []}

    def find(self, number: int) -> Record | None:
        """Find nothing."""
        return None

    def index(self, sort_key: str) -> list[tuple[Any, int, Record]]:
        """List nothing."""
        return []
