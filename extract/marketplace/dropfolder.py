"""The drop folder: which files are there, and as which sub-channel each is read."""

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from extract.errors import ExtractError
from extract.settings import Settings

# What browsers, file managers and transfer tools leave while a file is still on its way.
_UNFINISHED = (".part", ".crdownload", ".tmp", ".filepart")
_SYSTEM_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True)
class DropFile:
    """One file on disk. `label` is how it is known: sub-channel, then its path, with slashes."""

    sub_channel: str
    path: Path
    label: str
    size: int
    modified_at: datetime


@dataclass(frozen=True)
class DropFolder:
    """All files to read, ordered by label, and the labels of those that are left alone."""

    files: tuple[DropFile, ...]
    ignored: tuple[str, ...]


def known_sub_channels(seed: Path) -> tuple[str, ...]:
    """Return the marketplace sub-channels of the seed.

    Errors: ExtractError when the seed can't be read or lacks its columns.
    """
    try:
        # A spreadsheet that saves the seed puts a byte order mark before it.
        with seed.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["channel"] == "marketplace"]
            return tuple(row["sub_channel"] for row in rows if row["sub_channel"])
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise ExtractError(
            f"{seed}: the list of sub-channels can't be read ({type(error).__name__}); "
            "it needs the columns channel and sub_channel"
        ) from error


def is_ignored(name: str) -> bool:
    """Whether a file of that name is no report but a hidden, system or unfinished file."""
    is_hidden = name.startswith((".", "~$"))
    return is_hidden or is_unfinished(name) or name.casefold() in _SYSTEM_NAMES


def is_unfinished(name: str) -> bool:
    """Whether a browser or a transfer tool has not completed that file."""
    return name.casefold().endswith(_UNFINISHED)


def find_files(settings: Settings) -> DropFolder:
    """List MARKETPLACE_DIR and every folder of MARKETPLACE_FOLDERS.

    Errors: ExtractError for a folder that isn't there or names no known sub-channel, for a file
    outside a sub-channel, and for two files that would be known under one name.
    """
    known = known_sub_channels(settings.sub_channels_file)
    folders = list(settings.marketplace_folders)
    ignored: list[str] = []
    if settings.marketplace_dir is not None:
        folders = [*_subfolders(settings.marketplace_dir, known, ignored), *folders]
    files: dict[str, DropFile] = {}
    for sub_channel, folder in folders:
        if sub_channel not in known:
            raise ExtractError(
                f"{folder}: {sub_channel!r} is no known sub-channel{_nearest(sub_channel, known)}; "
                f"a new one is a row in {settings.sub_channels_file.name}"
            )
        if not folder.is_dir():
            raise ExtractError(f"{folder}: the folder of {sub_channel} is not there; correct it")
        for path in _walk(folder, sub_channel, ignored):
            label = f"{sub_channel}/{path.relative_to(folder).as_posix()}"
            other = files.setdefault(label, _describe(path, sub_channel, label))
            if other.path != path:
                raise ExtractError(
                    f"{path} and {other.path} would both be known as {label}; rename one of them"
                )
    return DropFolder(tuple(files[label] for label in sorted(files)), tuple(sorted(ignored)))


def _subfolders(root: Path, known: Sequence[str], ignored: list[str]) -> Iterator[tuple[str, Path]]:
    if not root.is_dir():
        raise ExtractError(f"MARKETPLACE_DIR: {root} is not a folder; create it or correct it")
    try:
        paths = sorted(root.iterdir())
    except OSError as error:
        raise ExtractError(
            f"MARKETPLACE_DIR: {root} can't be read: {error.strerror}; give access to it"
        ) from None
    for path in paths:
        if is_ignored(path.name):
            ignored.append(path.name)
        elif path.is_dir():
            yield path.name, path
        else:
            example = known[0] if known else "a sub-channel"
            raise ExtractError(
                f"{path} lies directly in MARKETPLACE_DIR; put it into the folder of its "
                f"sub-channel, as in {example}/{path.name}"
            )


def _walk(folder: Path, sub_channel: str, ignored: list[str]) -> Iterator[Path]:
    seen: set[str] = set()

    def fail(error: OSError) -> None:
        raise ExtractError(f"{error.filename}: can't be read: {error.strerror}; give access to it")

    for where, names, file_names in os.walk(folder, onerror=fail, followlinks=True):
        # A link that leads back up would be walked for ever.
        real = os.path.realpath(where)
        if real in seen:
            names.clear()
            continue
        seen.add(real)
        for name in [name for name in names if is_ignored(name)]:
            names.remove(name)
            ignored.append(f"{sub_channel}/{(Path(where) / name).relative_to(folder).as_posix()}")
        for name in file_names:
            path = Path(where) / name
            if is_ignored(name):
                ignored.append(f"{sub_channel}/{path.relative_to(folder).as_posix()}")
            elif path.is_file():
                yield path
            else:
                # A link to a share that is not mounted must not pass for an empty folder.
                raise ExtractError(f"{path} is a broken link or no file; mend or remove it")


def _describe(path: Path, sub_channel: str, label: str) -> DropFile:
    try:
        label.encode("utf-8")
    except UnicodeEncodeError:
        raise ExtractError(f"{str(path)!a}: the file name is not UTF-8; rename it") from None
    try:
        status = path.stat()
    except OSError as error:
        raise ExtractError(f"{path}: can't be read: {error.strerror}; give access to it") from None
    modified_at = datetime.fromtimestamp(int(status.st_mtime), UTC)
    return DropFile(sub_channel, path, label, status.st_size, modified_at)


def _nearest(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.4)
    return f", the nearest is {close[0]!r}" if close else f", known are {', '.join(known)}"
