"""What every source is to the runner: a name, declared tables, and a job that fills a run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from extract.landing import Run
from extract.manifest import Manifest
from extract.progress import Reporter
from extract.settings import Settings
from extract.tables import RawTable


@dataclass(frozen=True)
class Options:
    """What the command line asks of a run, beyond the settings."""

    dry_run: bool = False
    skip_unknown: bool = False
    # How to read a GraphQL shop, and whether one that shows only part of its orders may be read.
    api: Literal["auto", "pages", "bulk"] = "auto"
    allow_partial: bool = False


class Job(Protocol):
    """A run that has been planned: everything that can be refused has been checked."""

    def plan(self) -> Sequence[str]:
        """Say in lines for a person what `land` would do."""

    def land(self, run: Run, reporter: Reporter) -> Sequence[str]:
        """Write Arrow batches, files, windows and warnings into the run.

        Returns lines for a person on what was done.
        """


@dataclass(frozen=True)
class Source:
    """One source of raw data.

    `prepare` gets the settings, the options and the manifests of earlier runs (the only state
    there is) and returns None when the source is not configured.
    """

    name: str
    tables: tuple[RawTable, ...]
    to_configure: str
    prepare: Callable[[Settings, Options, Sequence[Manifest], Reporter], Job | None]


@dataclass(frozen=True)
class Summary:
    """What one call did for one source. `run_id` is None when nothing was written.

    `rows` counts what this run wrote per table; `told` are lines for a person.
    """

    source: str
    is_configured: bool
    run_id: str | None
    rows: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    manifest: Manifest | None = None
    told: list[str] = field(default_factory=list)
