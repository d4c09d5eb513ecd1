"""The Admin API over the store: GraphQL, bulk operations and REST."""
