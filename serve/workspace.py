"""Which company is being built: the configured one, or the demo company in folders of its own."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from extract.errors import ExtractError
from extract.runner import configured_sources
from extract.settings import PROJECT_DIR, Settings, load_settings
from serve.errors import ConfigurationError

DEMO_DIR = Path("data/demo")
# The last day of the made-up company, so that its relative dates and trends never age.
DEMO_AS_OF = datetime(2026, 10, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Workspace:
    """Every place that one run reads or writes, all absolute.

    `as_of` is in UTC; None means the moment at which dbt starts.
    """

    settings: Settings
    is_demo: bool
    sources: tuple[str, ...]
    project_dir: Path
    raw_dir: Path
    build_database: Path
    warehouse_dir: Path
    marketplace_dir: Path | None
    as_of: datetime | None

    @property
    def build_record_dir(self) -> Path:
        """Folder beside the build database with the artifacts that prove what is in it."""
        return self.build_database.with_suffix(".dbt")

    @property
    def log_dir(self) -> Path:
        """Where dbt writes its own log."""
        return self.project_dir / "logs"

    def environment(self) -> AbstractContextManager[None]:
        """Set the variables that the dbt project reads, as long as the block lasts."""
        salt = self.settings.hash_salt
        return environment(
            {
                "RAW_DIR": str(self.raw_dir),
                "BUILD_DATABASE": str(self.build_database),
                "HASH_SALT": salt.get_secret_value() if salt else "",
                "DBT_PROJECT_DIR": str(self.project_dir),
            }
        )


def open_workspace(as_of: str | None = None, project_dir: Path = PROJECT_DIR) -> Workspace:
    """Read the configuration and decide between real data and the demo company.

    `as_of` (ISO 8601) wins over the setting AS_OF; without an offset it is taken as UTC.
    Errors: ConfigurationError for a setting or moment that can't be read.
    """
    try:
        settings = load_settings()
    except ExtractError as error:
        raise ConfigurationError(str(error)) from None
    moment = parse_moment(as_of) if as_of else settings.as_of
    sources = tuple(configured_sources(settings))
    is_demo = not sources
    if is_demo:
        moment = moment or DEMO_AS_OF
        settings = settings.model_copy(
            update={
                "raw_dir": DEMO_DIR / "raw",
                "build_database": DEMO_DIR / "build.duckdb",
                "marketplace_dir": DEMO_DIR / "marketplace",
            }
        )
    # Absolute, because the views of the build file keep the path under which they read raw files.
    settings = settings.model_copy(
        update={
            "raw_dir": settings.raw_dir.absolute(),
            "build_database": settings.build_database.absolute(),
            "warehouse_dir": settings.warehouse_dir.absolute(),
            "as_of": in_utc(moment) if moment else None,
        }
    )
    return Workspace(
        settings=settings,
        is_demo=is_demo,
        sources=sources,
        project_dir=project_dir,
        raw_dir=settings.raw_dir,
        build_database=settings.build_database,
        warehouse_dir=settings.warehouse_dir,
        marketplace_dir=settings.marketplace_dir,
        as_of=settings.as_of,
    )


@contextmanager
def environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables within the block; afterwards they are as before."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 day or moment; UTC unless it carries an offset.

    Errors: ConfigurationError that shows the form expected.
    """
    try:
        return in_utc(datetime.fromisoformat(text))
    except ValueError:
        raise ConfigurationError(
            f"--as-of: {text!r} is not a moment; write it as 2026-10-31 or 2026-10-31T00:00:00Z"
        ) from None


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC, taking one without an offset as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def moment_text(moment: datetime) -> str:
    """Write a moment as dbt's variable `as_of` takes it: ISO 8601 in UTC, ending in Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
