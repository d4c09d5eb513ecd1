"""Rows on their way to Parquet: kept as tuples by table and written in batches of bounded size."""

import pyarrow as pa

from extract.landing import Run
from extract.shopify.tables import TABLES
from extract.tables import TEXT

Row = tuple[str | None, ...]

_STORE = "store"
# Some thousand orders; enough for Arrow to be quick, little enough for memory to stay flat.
_BATCH_ROWS = 15_000


class Rows:
    """The rows of every table since the last write. `store` is put in front of each."""

    def __init__(self, store: str) -> None:
        self.store = store
        self.tables: dict[str, list[Row]] = {table.name: [] for table in TABLES}

    def of(self, table_name: str) -> list[Row]:
        """Return the list that a flattener appends to."""
        return self.tables[table_name]

    def write_full(self, run: Run) -> None:
        """Write when a batch is full."""
        if sum(map(len, self.tables.values())) >= _BATCH_ROWS:
            self.write(run)

    def write(self, run: Run) -> None:
        """Write everything and start anew."""
        for table in TABLES:
            rows = self.tables[table.name]
            if not rows:
                continue
            names = [name for name in table.column_names if name != _STORE]
            columns = [pa.array(values, TEXT) for values in zip(*rows, strict=True)]
            if len(columns) != len(names):
                raise ValueError(f"{table.name} has {len(names)} columns, not {len(columns)}")
            store = pa.repeat(pa.scalar(self.store, TEXT), len(rows))
            run.write(table.name, pa.RecordBatch.from_arrays([store, *columns], [_STORE, *names]))
            rows.clear()
