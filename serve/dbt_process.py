"""dbt in a process of its own, which reads the project while the sources are being extracted.

To read all models and tests anew takes dbt as long as half a build, on one core; extraction leaves
the other one free. The process keeps what it read and builds from it when it is told to, so files
of the project that change in between wait for the next build. It shows the progress itself.
"""

import gc
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess, parent_process
from pathlib import Path
from typing import Any

from extract.errors import ExtractError
from serve.build import BuildReport, build, dbt_arguments
from serve.errors import ServeError
from serve.files import PRIVATE_UMASK, shown, umask
from serve.workspace import Workspace

_PARSED = "partial_parse.msgpack"
# How long dbt may take to cancel its queries and to leave.
_LEAVE_SECONDS = 10.0


class DbtProcess:
    """The process, which is reading or has read the project."""

    def __init__(self, process: BaseProcess, connection: Connection, workspace: Workspace) -> None:
        self._process = process
        self._connection = connection
        self._workspace = workspace
        self._has_answered = False

    def build(self) -> BuildReport:
        """Wait until the project is read, then `serve.build.build`, with its errors."""
        try:
            self._connection.send("build")
            answer = self._connection.recv()
        except (EOFError, ConnectionError):
            self._process.join()
            log = shown(self._workspace.log_dir / "dbt.log")
            raise ServeError(
                f"the process of dbt ended early (exit code {self._process.exitcode}), see {log}; "
                "run `make build`"
            ) from None
        self._has_answered = True
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, BuildReport)
        return answer

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._connection.close()
        if not self._has_answered:
            self._process.terminate()
        self._process.join(_LEAVE_SECONDS)
        self._process.kill()
        self._process.join()


@contextmanager
def dbt_process(
    workspace: Workspace, variables: Mapping[str, Any] | None = None
) -> Iterator[DbtProcess]:
    """Start the process; it ends with the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    arguments = (theirs, workspace, dict(variables or {}))
    process = context.Process(target=_work, args=arguments, daemon=True)
    # Ctrl-C reaches the whole group of processes; this one is told to end by `stop` alone.
    ctrl_c = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, ctrl_c)
    theirs.close()
    dbt = DbtProcess(process, ours, workspace)
    try:
        yield dbt
    finally:
        dbt.stop()


def _work(connection: Connection, workspace: Workspace, variables: dict[str, Any]) -> None:
    # dbt takes an interruption for Ctrl-C: it cancels its queries and closes the database.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # All that dbt reads lives to the end.
    gc.disable()
    # The parent that ends this process closes its end of the connection first.
    with suppress(KeyboardInterrupt, EOFError, ConnectionError):
        project = _read_project(workspace, variables)
        connection.recv()
        answer: BuildReport | Exception
        try:
            answer = build(workspace, variables, project=project)
        except (ServeError, ExtractError) as error:
            answer = error
        connection.send(answer)


def _end_with_parent() -> None:
    """End this process when the parent was killed and can't do it."""
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LEAVE_SECONDS)
    os._exit(1)


def _read_project(workspace: Workspace, variables: dict[str, Any]) -> Any:
    """Return dbt's manifest, None when the project can't be read: the build will say why."""
    from dbt.cli.main import dbtRunner

    target_dir = workspace.project_dir / "target"
    target_dir.mkdir(exist_ok=True)
    # Apart from target/ itself, in which another command may be building.
    with tempfile.TemporaryDirectory(prefix="parse-", dir=target_dir) as name:
        folder = Path(name)
        wanted, written = target_dir / _PARSED, folder / _PARSED
        if wanted.exists():
            shutil.copyfile(wanted, written)
        arguments = dbt_arguments(workspace, variables, target_dir=folder, log_dir=folder)
        with umask(PRIVATE_UMASK), workspace.environment():
            read = dbtRunner().invoke(["parse", "--no-write-json", *arguments])
        if not read.success:
            return None
        written.replace(wanted)
    return read.result
