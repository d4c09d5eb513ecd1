"""The schema of the demo server, and which access scope each of its types needs."""

from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema

SCHEMA_FILE = Path(__file__).parents[1] / "schema.graphql"

ALL_ORDERS = "read_all_orders"
SCOPES = (
    "read_orders",
    ALL_ORDERS,
    "read_returns",
    "read_customers",
    "read_products",
    "read_locations",
)
"""What the demo shop grants unless a fault takes one away."""

_TYPES = {
    "read_orders": (
        "Order LineItem Refund RefundLineItem RefundShippingLine OrderAdjustment OrderTransaction "
        "Fulfillment FulfillmentLineItem ShippingLine"
    ),
    "read_returns": (
        "Return ReturnLineItem ReturnLineItemType UnverifiedReturnLineItem ExchangeLineItem "
        "ReturnReasonDefinition"
    ),
    "read_customers": "Customer",
    "read_products": "Product ProductVariant",
    "read_locations": "Location",
}


@cache
def admin_schema() -> GraphQLSchema:
    """Return the schema, built once; its resolvers are put on by `resolvers.bind`."""
    return build_schema(SCHEMA_FILE.read_text(encoding="utf-8"), assume_valid=True)


def missing_types(granted: tuple[str, ...]) -> dict[str, str]:
    """Return the types that cannot be read with these scopes, and the access that each needs."""
    return {
        name: f"`{scope}` access scope."
        for scope, names in _TYPES.items()
        if scope not in granted
        for name in names.split()
    }
