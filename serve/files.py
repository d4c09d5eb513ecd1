"""Files that are whole or absent: private modes, syncing and locks."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serve.errors import ServeError

PRIVATE_UMASK = 0o077


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Make new files under `mask` within the block; the caller's umask returns afterwards."""
    previous = os.umask(mask)
    try:
        yield
    finally:
        os.umask(previous)


def current_umask() -> int:
    """Return the umask of this process (there is no call that only reads it)."""
    mask = os.umask(PRIVATE_UMASK)
    os.umask(mask)
    return mask


def sync(path: Path) -> None:
    """Flush a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new one, never a part."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync(path.parent)


@contextmanager
def exclusive(path: Path, doing: str) -> Iterator[None]:
    """Hold a lock file within the block. The lock of a process that died is free again.

    Errors: ServeError when another process holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServeError(
                f"another process is {doing} and holds {shown(path)}; "
                "wait for it to end, then try again"
            ) from None
        yield
    finally:
        os.close(descriptor)


def shown(path: Path) -> str:
    """Return a path as a person would type it: relative where it lies below this folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
