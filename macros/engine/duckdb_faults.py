"""Turns off what a release of DuckDB gets wrong; loaded by dbt-duckdb, see profiles.yml."""

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin


class Plugin(BasePlugin):
    """Sets what holds for every session of the database."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep DuckDB 2.0 from packing columns before it sorts.

        It took the sums of `channel_kpis` over grouping sets for one byte wide and stored 17379 as
        -29. Off, sorts need more memory; DuckDB 1.5 is right and keeps it.
        """
        if duckdb.__version__.startswith("2.0."):
            conn.execute("set global disabled_optimizers = 'compressed_materialization'")
