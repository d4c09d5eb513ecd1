"""A server that speaks Metabase's API over the operational tables of the demo company's own shop.

The SQL of a question runs for real; limits, formats and status codes are those of Metabase, and
what can go wrong can be switched on by name.
"""

from demo.metabase.faults import KINDS
from demo.metabase.options import (
    AGGREGATED_ROW_LIMIT,
    EXPORT_ROW_LIMIT,
    UNAGGREGATED_ROW_LIMIT,
    Card,
    Options,
)
from demo.metabase.server import MetabaseServer, build_shop, running

__all__ = [
    "AGGREGATED_ROW_LIMIT",
    "EXPORT_ROW_LIMIT",
    "KINDS",
    "UNAGGREGATED_ROW_LIMIT",
    "Card",
    "MetabaseServer",
    "Options",
    "build_shop",
    "running",
]
