"""Publishes in child processes that are killed at one chosen moment, and tells what they left.

Run as a program, because forking is only safe in a process that has not started DuckDB's threads.
Each result is one line of JSON: the moment, and what a reader finds before and after the recovery.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from handmade import ask, make_build, make_workspace

from serve import publish as publishing
from serve.switch import Switch
from serve.workspace import Workspace

# The calls by which a publication reaches the disk and takes its place.
MOMENTS = (
    (os, "fsync"),
    (Path, "replace"),
    (Path, "rename"),
    (Path, "unlink"),
    (Path, "symlink_to"),
)

# From the last sync of the prepared files, through the journal, to the last rename.
LATE_MOMENTS = 16


def arm(fatal_call: int, counter: list[int]) -> None:
    """Die by SIGKILL instead of making call number `fatal_call`; count the calls until then."""

    def lethal(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            counter[0] += 1
            if counter[0] == fatal_call:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **named)

        return call

    for owner, name in MOMENTS:
        setattr(owner, name, lethal(getattr(owner, name)))


def state(workspace: Workspace) -> dict[str, Any]:
    """Say which publication each of the three published things is, and what else lies about."""
    folder = workspace.warehouse_dir
    found: dict[str, Any] = {
        name: ask(folder / f"{name}.duckdb", "select publication_id from publication")[0][0]
        for name in ("marts", "restricted")
    }
    current = folder / "exports" / "current"
    found["exports"] = json.loads((current / "publication.json").read_text())["publication_id"]
    found["rows"] = ask(folder / "marts.duckdb", "select count(*) from orders")[0][0]
    found["parquet"] = (current / "orders.parquet").stat().st_size
    found["leftovers"] = sorted(
        path.name
        for path in folder.rglob("*")
        if ".new" in path.name or path.name in {".spill", ".publishing.json"}
    )
    return found


def in_child(work: Callable[[], Any]) -> Any:
    """Do the work in a fork of this process; None when the fork was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.write(writing, json.dumps(work()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    if status:
        raise RuntimeError("the child failed, see its traceback")
    return json.loads(told)


def publish_once(workspace: Workspace, fatal_call: int = 0) -> int:
    """Publish; return how many moments there were at which it could have died."""
    counter = [0]
    arm(fatal_call, counter)
    publishing.publish(workspace)
    return counter[0]


def recover(workspace: Workspace) -> dict[str, Any]:
    """Do what the next publication begins with."""
    Switch(workspace.warehouse_dir).recover()
    return state(workspace)


def main(folder: Path) -> None:
    """Kill one publication at each of the moments that matter."""
    workspace = make_workspace(folder)
    small = {
        "orders": ("core", "select range as order_key from range(10)"),
        "user_contacts": ("restricted", "select 'U1' as user_key, 'A' as name"),
    }
    in_child(lambda: make_build(workspace, small))
    in_child(lambda: publish_once(workspace))
    in_child(lambda: make_build(workspace, {**small, "orders": ("core", "select 1 as order_key")}))
    published = folder / "published"
    shutil.copytree(workspace.warehouse_dir, published, symlinks=True)
    moments = in_child(lambda: publish_once(workspace))
    # Early ones are alike: nothing but files beside the published ones has been written.
    for moment in (1, moments // 3, *range(moments - LATE_MOMENTS, moments + 1)):
        shutil.rmtree(workspace.warehouse_dir)
        shutil.copytree(published, workspace.warehouse_dir, symlinks=True)
        killed = in_child(partial(publish_once, workspace, moment)) is None
        found = in_child(lambda: {"left": state(workspace), "recovered": recover(workspace)})
        sys.stdout.write(json.dumps({"moment": moment, "killed": killed, **found}) + "\n")
    again = in_child(lambda: (publish_once(workspace), state(workspace))[1])
    sys.stdout.write(json.dumps({"again": again}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
