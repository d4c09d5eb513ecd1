import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from handmade import make_workspace

from serve.workspace import Workspace

# Publishing syncs every file; in memory that costs nothing and the order of steps is the same.
_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    usable = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    with tempfile.TemporaryDirectory(dir=_MEMORY if usable else None) as folder:
        yield Path(folder)


@pytest.fixture
def workspace(fast_folder: Path) -> Workspace:
    return make_workspace(Path(tempfile.mkdtemp(dir=fast_folder)))
