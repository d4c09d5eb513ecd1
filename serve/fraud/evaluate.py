"""Gets the candidates evaluated: live from a store, or from what is landed and built."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from extract.errors import ExtractError
from extract.settings import Settings
from serve.errors import ConfigurationError
from serve.files import PRIVATE_UMASK, umask
from serve.fraud.models import EVERYTHING, FRAUD_MODELS, run_models, scratch_of
from serve.fraud.options import ALL_STORES, FraudOptions, StoreRefused, project_variables
from serve.fraud.results import known_stores
from serve.fraud.steps import StepLog
from serve.workspace import Workspace, moment_text

_SCRATCH = ".fraud-"


@contextmanager
def evaluated(
    workspace: Workspace, options: FraudOptions, log: StepLog
) -> Iterator[tuple[Path, datetime]]:
    """Yield a database with the marts of these parameters, and their as_of (UTC).

    A scratch database is gone when the block ends; the published marts and the build file are never
    written to. Errors: ConfigurationError for a store that is not there, StoreRefused when it can't
    be read, ServeError when a model fails.
    """
    home = workspace.build_database.parent
    home.mkdir(parents=True, exist_ok=True)
    _clear_left_behind(home)
    # Names and contacts are in it: the folder is private and never outlives the report.
    with (
        _ended_in_order(),
        umask(PRIVATE_UMASK),
        tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", dir=home) as scratch,
    ):
        if options.from_warehouse:
            yield _from_warehouse(workspace, options, log, Path(scratch))
        else:
            yield _live(workspace, options, log, Path(scratch))


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that what it wrote is cleared away."""

    def stop(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _clear_left_behind(home: Path) -> None:
    """Remove what reports left that were killed outright."""
    for folder in home.glob(f"{_SCRATCH}*-*"):
        owner = folder.name.removeprefix(_SCRATCH).partition("-")[0]
        if owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(folder)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def live_store(workspace: Workspace) -> str:
    """Return the handle of the store that a live report reads.

    Errors: ConfigurationError when none is configured.
    """
    from extract.shopify.shop import shop_is_configured

    if workspace.is_demo:
        from demo.shopify.shop.drafts import STORE

        return str(STORE)
    store = workspace.settings.shopify_store
    if not shop_is_configured(workspace.settings) or not store:
        raise ConfigurationError(
            "no store to read live: set SHOPIFY_STORE and SHOPIFY_ACCESS_TOKEN, "
            "or give --from-warehouse"
        )
    return store.removesuffix(".myshopify.com").lower()


def _from_warehouse(
    workspace: Workspace, options: FraudOptions, log: StepLog, folder: Path
) -> tuple[Path, datetime]:
    from serve.record import load

    database = workspace.build_database
    record = load(workspace.build_record_dir, database)
    with log.step("Orders", {"source": "warehouse", "store": options.store}) as results:
        stores = known_stores(database)
        if options.store not in (ALL_STORES, *stores):
            raise ConfigurationError(
                f"--store: no orders of {options.store!r} are built; "
                f"there are {', '.join(sorted(stores))}"
            )
        chosen = stores if options.store == ALL_STORES else {options.store: stores[options.store]}
        results.append(f"{sum(chosen.values()):,} orders of {len(chosen)} sub-channels")
    with log.step("ReturnFraudCandidates", options.variables) as results:
        as_built = {**project_variables(workspace.project_dir), **record.variables}
        if all(as_built[name] == value for name, value in options.variables.items()):
            results.append("as built, nothing to recompute")
            return database, record.as_of
        scratch = scratch_of(folder, workspace)
        shutil.copyfile(database, scratch.build_database)
        variables = {**record.variables, **options.variables}
        run_models(scratch, FRAUD_MODELS, {**variables, "as_of": moment_text(record.as_of)})
        results.append("recomputed beside the published marts")
    return scratch.build_database, record.as_of


def _live(
    workspace: Workspace, options: FraudOptions, log: StepLog, folder: Path
) -> tuple[Path, datetime]:
    from extract.shopify.window import moment
    from serve.decisions.log import FOLDER

    scratch = scratch_of(folder, workspace)
    # What people have resolved is nothing to review again.
    if (decisions := workspace.raw_dir / FOLDER).is_dir():
        shutil.copytree(decisions, scratch.raw_dir / FOLDER)
    as_of = workspace.as_of or datetime.now(UTC)
    since = as_of - timedelta(days=options.days_back)
    params = {"store": options.store, "query": f"updated_at:>='{moment(since)}'"}
    with log.step("Orders", params) as results:
        rows = _extract(scratch, since)
        results += [_told(rows, name) for name in ("orders", "order_lines", "fulfillments")]
    with log.step("Returns", params) as results:
        results += [_told(rows, name) for name in ("returns", "return_lines", "refunds")]
    with log.step("Customers", params) as results:
        results.append(_told(rows, "customers"))
    with log.step("ReturnFraudCandidates", options.variables) as results:
        run_models(scratch, EVERYTHING, {**options.variables, "as_of": moment_text(as_of)})
        results.append("evaluated in a scratch file")
    return scratch.build_database, as_of


def _extract(scratch: Workspace, since: datetime) -> dict[str, int]:
    """Land the store and the rates; every other source lands its empty run."""
    from extract.progress import Reporter
    from extract.runner import SOURCES, run_source

    reporter = Reporter(quiet=True)
    rows: dict[str, int] = {}
    with ExitStack() as stack:
        settings = scratch.settings
        if scratch.is_demo:
            from serve.demo_company import demo_servers

            settings = stack.enter_context(demo_servers(scratch))
        settings = _store_alone(settings, since)
        for source in SOURCES.values():
            try:
                summary = run_source(source, settings, reporter)
            except ExtractError as error:
                raise StoreRefused(str(error)) from None
            if source.name == "shopify":
                rows = summary.rows
    return rows


def _store_alone(settings: Settings, since: datetime) -> Settings:
    elsewhere: dict[str, Any] = {
        "marketplace_dir": None,
        "marketplace_folders": (),
        "metabase_url": None,
        "rates_file": None,
    }
    return settings.model_copy(update={**elsewhere, "shopify_since": since})


def _told(rows: dict[str, int], name: str) -> str:
    return f"{rows.get(name, 0):,} {name.replace('_', ' ')}"
