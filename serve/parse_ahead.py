"""Reads the dbt project in a process of its own while the sources are being extracted.

Reading all models and tests anew takes dbt a third of a build, on one core; extraction leaves the
other one free. What was read is handed over as dbt's own file for partial parsing, so the build
checks it against the files of the project as always, and reads anew whatever differs.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from serve.build import dbt_arguments
from serve.files import PRIVATE_UMASK, umask
from serve.workspace import Workspace

_PARSED = "partial_parse.msgpack"
# Without looking for garbage, of which there is none: all that is read lives to the end.
_DBT = "import gc; gc.disable(); from dbt.cli.main import cli; cli()"


class ParseAhead:
    """The reading that is under way."""

    def __init__(self, process: "subprocess.Popen[bytes]", written: Path, wanted: Path) -> None:
        self._process = process
        self._written = written
        self._wanted = wanted

    def hand_over(self) -> None:
        """Wait for the end and put what was read where the build looks for it.

        A project that can't be read is left to the build, which says why.
        """
        if self._process.wait() == 0:
            self._written.replace(self._wanted)

    def stop(self) -> None:
        """End the process if nobody waited for it."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@contextmanager
def parsing_ahead(
    workspace: Workspace, variables: Mapping[str, Any] | None = None
) -> Iterator[ParseAhead]:
    """Begin to read the project as `build` will with the same variables; end with the block."""
    target_dir = workspace.project_dir / "target"
    target_dir.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="parse-", dir=target_dir) as name:
        folder = Path(name)
        wanted, written = target_dir / _PARSED, folder / _PARSED
        if wanted.exists():
            shutil.copyfile(wanted, written)
        command = [sys.executable, "-c", _DBT, "parse", "--no-write-json"]
        command += dbt_arguments(workspace, variables, target_dir=folder, log_dir=folder)
        with umask(PRIVATE_UMASK), workspace.environment():
            process = subprocess.Popen(
                command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        parsing = ParseAhead(process, written, wanted)
        try:
            yield parsing
        finally:
            parsing.stop()
