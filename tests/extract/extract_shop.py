"""A drop folder to fill, and the landed tables to look at."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extract.progress import Reporter
from extract.runner import run_marketplace
from extract.settings import Settings
from extract.sources import Options, Summary

SUB_CHANNELS = (
    *("amazon_ae", "amazon_sa", "amazon_in", "amazon_za"),
    *("noon_ae", "onbuy", "walmart_ca"),
)


@dataclass
class Shop:
    """A drop folder and what was landed from it."""

    root: Path
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def drop(self) -> Path:
        return self.root / "drop"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def settings(self) -> Settings:
        seed = self.root / "sub_channels.csv"
        rows = [f"marketplace,{name}" for name in SUB_CHANNELS]
        seed.write_text("\n".join(["channel,sub_channel", *rows, "shopify,hewyn"]) + "\n")
        known = {"raw_dir": self.raw, "marketplace_dir": self.drop, "sub_channels_file": seed}
        return Settings(**{**known, **self.changes})

    def put(self, label: str, content: str | bytes, *, at: int | None = None) -> Path:
        """Write a file, `at` being its time of change in seconds."""
        path = self.drop / label
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if at is not None:
            os.utime(path, (at, at))
        return path

    def run(self, **options: bool) -> Summary:
        self.drop.mkdir(parents=True, exist_ok=True)
        return run_marketplace(self.settings, Reporter(quiet=True), Options(**options))

    def table(self, name: str, run_id: str | None = None) -> pa.Table:
        paths = sorted((self.raw / "marketplace").glob(f"run={run_id or '*'}/{name}.parquet"))
        return pa.concat_tables([pq.read_table(path, partitioning=None) for path in paths])

    def rows(self, name: str, *columns: str, run_id: str | None = None) -> list[Any]:
        """Return rows in the order they landed: dicts, or tuples of the columns asked for."""
        table = self.table(name, run_id)
        if columns:
            return list(zip(*(table.column(column).to_pylist() for column in columns), strict=True))
        return table.to_pylist()

    def partials(self) -> list[Path]:
        return list((self.raw / "marketplace").glob(".partial-*"))


def tsv(*rows: str, separator: str = "\t", end: str = "\n") -> str:
    """Join rows whose cells are written with bars between them."""
    return "".join(separator.join(row.split("|")) + end for row in rows)
