"""How a raw table is declared: names and Arrow types, fixed before anything is read."""

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
WHOLE = pa.int64()
FLAG = pa.bool_()
MOMENT = pa.timestamp("us", tz="UTC")

# Filled in by the run itself, so that no source can forget or disagree about them.
RUN_COLUMNS = (("_run_id", TEXT), ("_extracted_at", MOMENT))

ROW_COLUMNS = (
    *RUN_COLUMNS,
    ("_source_file", TEXT),
    ("_file_sha256", TEXT),
    ("_row_number", WHOLE),
    ("_as_sent", TEXT),
    ("_extra", TEXT),
)


@dataclass(frozen=True)
class RawTable:
    """One Parquet file of every run of a source.

    `columns` are what the source says; `metadata` is what the landing adds behind them.
    """

    name: str
    columns: tuple[tuple[str, pa.DataType], ...]
    metadata: tuple[tuple[str, pa.DataType], ...] = ROW_COLUMNS

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema as it is written."""
        return pa.schema([pa.field(name, kind) for name, kind in (*self.columns, *self.metadata)])

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the source's own columns, in order."""
        return tuple(name for name, _ in self.columns)


def texts(*names: str) -> tuple[tuple[str, pa.DataType], ...]:
    """Declare text columns, the type of everything that is kept as sent."""
    return tuple((name, TEXT) for name in names)
