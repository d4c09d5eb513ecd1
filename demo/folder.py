"""Output folders: built beside their place and renamed into it, never over files of others."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.errors import DemoError

MARKER = ".demo-company.json"
"""Says that a folder is the generator's own, and of which seed, size and version it is. Its name
starts with a dot, so the extractor leaves it alone."""

SPILL = ".spill"


@dataclass(frozen=True)
class Identity:
    """What a folder is made from. Two folders of one identity hold the same bytes."""

    kind: str
    lines: int
    seed: int
    with_stories: bool
    version: str

    def as_json(self) -> dict[str, Any]:
        """Return the identity as it stands in the marker."""
        return dict(self.__dict__)


def generator_version() -> str:
    """Return a short hash of the generator's own sources, so that a changed one makes new files."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.sql")]):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def read_marker(folder: Path) -> dict[str, Any] | None:
    """Return the marker of a folder that the generator made, or None."""
    try:
        content = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def check_free(folder: Path) -> None:
    """Refuse a place that holds anything but the generator's own work.

    Errors: DemoError for a file, and for a folder with files and without a marker.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise DemoError(f"{folder} is not a folder; name another with --out")
    if folder.is_dir() and any(folder.iterdir()) and read_marker(folder) is None:
        raise DemoError(
            f"{folder} holds files that the demo company did not write; name an empty or new "
            "folder with --out"
        )


@contextmanager
def built_beside(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside `folder` and rename it into place when the block ends well.

    Whatever ends the block otherwise, nothing of it stays and the old folder is as it was.
    """
    check_free(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    building = folder.parent / f".{folder.name}.partial-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        yield building
        shutil.rmtree(building / SPILL, ignore_errors=True)
        _swap(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _swap(building: Path, folder: Path) -> None:
    if not folder.exists():
        building.rename(folder)
        return
    old = folder.parent / f".{folder.name}.old-{os.getpid()}"
    folder.rename(old)
    try:
        building.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed have left; a run that lives keeps its own."""
    for path in folder.parent.glob(f".{folder.name}.*-*"):
        kind, _, process = path.name.rpartition("-")
        if kind.endswith((".partial", ".old")) and process.isdigit() and not _lives(int(process)):
            shutil.rmtree(path, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
