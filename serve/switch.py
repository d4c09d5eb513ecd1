"""Puts a finished publication in the place of the previous one, whatever moment power fails at.

Everything is written and synced beside first. Then one small journal file is written: from that
moment the publication is decided, and what remains is a handful of renames, each of which can be
repeated. A process that dies before the journal leaves the previous publication; one that dies
after it leaves renames that the next publication (or `recover`) finishes.
"""

import json
import re
import shutil
from pathlib import Path

from serve.files import sync, write_whole

MARTS = "marts.duckdb"
RESTRICTED = "restricted.duckdb"
EXPORTS = "exports"
CURRENT = "current"
KEPT_EXPORTS = 3
_JOURNAL = ".publishing.json"
_ID = re.compile(r"^\d{8}T\d{12}Z$")


class Switch:
    """The published files of one warehouse folder. Use it under the folder's lock only."""

    def __init__(self, warehouse_dir: Path) -> None:
        self.folder = warehouse_dir
        self.exports = warehouse_dir / EXPORTS
        self.spill = warehouse_dir / ".spill"
        self._journal = warehouse_dir / _JOURNAL

    def beside(self, name: str) -> Path:
        """Where the next version of a published file is written."""
        return self.folder / f"{name}.new"

    def exports_beside(self, publication_id: str) -> Path:
        """Where the exports of a publication are written."""
        return self.exports / f".new-{publication_id}"

    def export_ids(self) -> list[str]:
        """Ids of the exported publications, oldest first."""
        if not self.exports.exists():
            return []
        return sorted(entry.name for entry in self.exports.iterdir() if _ID.match(entry.name))

    def recover(self) -> str | None:
        """Finish what a dead process had decided and clear away what it had not.

        Returns the id of a publication that was finished now.
        """
        finished = None
        if self._journal.exists():
            finished = str(json.loads(self._journal.read_text(encoding="utf-8"))["publication_id"])
            self._roll_forward(finished)
        self.clear()
        return finished

    def clear(self) -> None:
        """Remove everything that was written beside and never decided."""
        for name in (MARTS, RESTRICTED):
            for leftover in self.folder.glob(f"{name}.new*"):
                leftover.unlink()
        self._journal.with_name(f"{_JOURNAL}.new").unlink(missing_ok=True)
        shutil.rmtree(self.spill, ignore_errors=True)
        if self.exports.exists():
            for folder in self.exports.glob(".new-*"):
                shutil.rmtree(folder)
            (self.exports / f".{CURRENT}.new").unlink(missing_ok=True)

    def commit(self, publication_id: str) -> None:
        """Make the files written beside the published ones."""
        write_whole(self._journal, json.dumps({"publication_id": publication_id}) + "\n")
        self._roll_forward(publication_id)
        self._prune()

    def _roll_forward(self, publication_id: str) -> None:
        # Each step is skipped if it was done before the process died.
        prepared = self.exports_beside(publication_id)
        if prepared.exists():
            prepared.rename(self.exports / publication_id)
        for name in (RESTRICTED, MARTS):
            if self.beside(name).exists():
                # A log that a writer of the old file left would be replayed onto the new one.
                (self.folder / f"{name}.wal").unlink(missing_ok=True)
                self.beside(name).replace(self.folder / name)
        link = self.exports / f".{CURRENT}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(publication_id, target_is_directory=True)
        link.replace(self.exports / CURRENT)
        sync(self.exports)
        sync(self.folder)
        self._journal.unlink()
        sync(self.folder)

    def _prune(self) -> None:
        for old in self.export_ids()[:-KEPT_EXPORTS]:
            shutil.rmtree(self.exports / old)
