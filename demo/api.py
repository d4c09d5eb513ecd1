"""The two things that the demo company can write: the drop folder, and the truth behind it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.company import MARKETPLACES, SUB_CHANNELS, Company
from demo.errors import DemoError
from demo.folder import MARKER, SPILL, Identity, built_beside, check_free, read_marker
from demo.folder import generator_version as _version
from demo.marketplace import Advance, Written, write_files
from demo.truth import write_truth

DEFAULT_LINES = 40_000
DEFAULT_SEED = 42
MEMORY_LIMIT = "500MB"


@dataclass(frozen=True)
class Outcome:
    """What a call left behind. `is_new` is false when the folder was as asked for already.

    `files` and `totals` are those of `demo.marketplace.Written`, as plain values.
    """

    folder: Path
    is_new: bool
    files: list[dict[str, Any]]
    totals: list[dict[str, Any]]

    @property
    def rows(self) -> int:
        """Return the rows in all files, repeated deliveries and planted bad rows included."""
        return sum(facts["rows"] + len(facts["rejects"]) for facts in self.files)


class Progress:
    """What a caller may want to hear. The default says nothing."""

    def start(self, orders: int) -> None:
        """Say how many orders are ahead."""

    def advance(self, orders: int) -> None:
        """Say that so many orders more are done. Called from several threads."""


def write_marketplace(
    out: Path,
    lines: int = DEFAULT_LINES,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    *,
    with_stories: bool = True,
    memory_limit: str = MEMORY_LIMIT,
) -> Outcome:
    """Write the drop folder of the seven marketplaces: one subfolder a sub-channel.

    `lines` is the number of order lines, about. The folder appears whole or not at all; one that
    the generator made with other settings is replaced, one of the same settings is left alone.
    Errors: DemoError when `lines` is too few or `out` holds files of somebody else.
    """
    identity = Identity("marketplace", lines, seed, with_stories, _version())
    return _write(
        out,
        identity,
        progress or Progress(),
        write_files,
        [one.code for one in MARKETPLACES],
        memory_limit,
    )


def truth(
    out: Path,
    lines: int = DEFAULT_LINES,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    *,
    with_stories: bool = True,
    memory_limit: str = MEMORY_LIMIT,
) -> Outcome:
    """Write the truth behind the files: Parquet of all sub-channels and `expected.json`.

    `orders`, `order_lines`, `refunds`, `products` are folders of Parquet; moments are UTC, amounts
    decimals in the currency of the row. `expected.json` has the facts of every marketplace file
    and the totals that the files add up to. Errors: as `write_marketplace`.
    """
    identity = Identity("truth", lines, seed, with_stories, _version())
    return _write(
        out,
        identity,
        progress or Progress(),
        write_truth,
        [one.code for one in (*MARKETPLACES, *SUB_CHANNELS)],
        memory_limit,
    )


def _write(
    out: Path,
    identity: Identity,
    progress: Progress,
    write: Callable[[Company, Path, Advance], Written],
    sub_channels: list[str],
    memory_limit: str,
) -> Outcome:
    check_free(out)
    marker = read_marker(out)
    if marker is not None and marker.get("made_from") == identity.as_json():
        return Outcome(out, False, marker["files"], marker["totals"])
    with built_beside(out) as folder:
        spill = folder / SPILL
        try:
            company = Company(
                identity.lines,
                identity.seed,
                with_stories=identity.with_stories,
                memory_limit=memory_limit,
                temp_dir=spill,
            )
        except ValueError as error:
            raise DemoError(str(error)) from error
        with company:
            progress.start(sum(company.orders[code] for code in sub_channels))
            written = write(company, folder, progress.advance)
        content = {"made_from": identity.as_json(), **written.as_json()}
        (folder / MARKER).write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    return Outcome(out, True, content["files"], content["totals"])
