"""Orders, refunds, returns and customers of a Shopify shop."""
