from pathlib import Path

import pytest
from handmade import make_workspace

from serve.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)
