"""Errors as the Admin API words them."""

from typing import Any

from graphql import GraphQLError

RATE_LIMITS_PAGE = "https://shopify.dev/api/usage/rate-limits"
LARGEST_PAGE = 250
MAX_COST = 1_000


def bad_request(message: str) -> GraphQLError:
    """Return an error of a query that asks for something the API never gives."""
    return GraphQLError(message, extensions={"code": "BAD_REQUEST"})


def access_denied(field: str, required: str) -> GraphQLError:
    """Return the error of a field whose access scope was not granted."""
    return GraphQLError(
        f"Access denied for {field} field. Required access: {required}",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": required,
        },
    )


def throttled() -> dict[str, Any]:
    """Return the error of a query that the bucket could not pay for."""
    return {
        "message": "Throttled",
        "extensions": {"code": "THROTTLED", "documentation": RATE_LIMITS_PAGE},
    }


def max_cost_exceeded(cost: int, most: int) -> dict[str, Any]:
    """Return the error of a query that costs more than any single query may."""
    return {
        "message": (
            f"Query cost is {cost}, which exceeds the single query max cost limit ({most}).\n\n"
            "See https://shopify.dev/docs/api/usage/rate-limits for more information on how the "
            "cost of a query is calculated."
        ),
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": most,
            "documentation": RATE_LIMITS_PAGE,
        },
    }
