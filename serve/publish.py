"""Publishes a tested build: `marts.duckdb`, `restricted.duckdb` and the Parquet exports."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from serve.artifacts import Build, Mart, duplicate_names, load_build
from serve.copy_marts import fresh_database
from serve.errors import ServeError
from serve.files import PRIVATE_UMASK, current_umask, exclusive, shown, sync, umask
from serve.progress import StepProgress
from serve.publication import TABLE_NAME, Publication, new_publication, read_previous
from serve.record import BuildRecord, load
from serve.switch import EXPORTS, MARTS, RESTRICTED, Switch
from serve.workspace import Workspace

_LOCK = ".publish.lock"


@dataclass(frozen=True)
class PublishReport:
    """What now stands published."""

    publication: Publication
    rows: dict[str, int]
    restricted_rows: dict[str, int]
    recovered: str | None


def publish(
    workspace: Workspace, *, force: bool = False, console: Console | None = None
) -> PublishReport:
    """Copy the marts of the last build to where people read them, all of them or none.

    Readers that have the old files open keep what they see. `force` lets demo data replace real
    data. Errors: ServeError when the build is not complete and tested, when a shared mart holds
    personal data, or when demo data would replace real data; nothing changes then.
    """
    refuse_demo_over_real(workspace, force=force)
    record, build = _tested_build(workspace)
    folder, switch = workspace.warehouse_dir, Switch(workspace.warehouse_dir)
    folder.mkdir(parents=True, exist_ok=True)
    with exclusive(folder / _LOCK, "publishing"):
        recovered = switch.recover()
        # Asked again, because the recovery or another process may have changed what is published.
        refuse_demo_over_real(workspace, force=force)
        publication = new_publication(record, switch.export_ids())
        try:
            with StepProgress(console or Console(stderr=True)) as progress:
                rows, restricted_rows = _prepare(
                    workspace, switch, publication, build.marts, progress.update
                )
            # Held again, because dbt may have been run while the marts were being copied.
            if load(workspace.build_record_dir, workspace.build_database) != record:
                raise ServeError("a new build finished meanwhile; run `make publish` again")
        except BaseException:
            switch.clear()
            raise
        switch.commit(publication.publication_id)
    return PublishReport(publication, rows, restricted_rows, recovered)


def check(workspace: Workspace, *, force: bool = False) -> list[str]:
    """Say in lines what `publish` would write; the search for personal data is left out.

    Errors: as of `publish`.
    """
    refuse_demo_over_real(workspace, force=force)
    record, build = _tested_build(workspace)
    shared, restricted, exports = published_paths(workspace.warehouse_dir)
    counts = {
        kind: sum(mart.is_restricted == kind for mart in build.marts) for kind in (False, True)
    }
    return [
        f"build {record.invocation_id} of {record.built_at:%Y-%m-%d %H:%M} UTC passed all tests",
        f"would write {counts[False]} marts to {shown(shared)} and {shown(exports)}",
        f"would write {counts[True]} restricted marts to {shown(restricted)}",
    ]


def refuse_demo_over_real(workspace: Workspace, *, force: bool = False) -> None:
    """Stop demo data from taking the place of real figures.

    Errors: ServeError unless forced, or unless what is published is demo data or nothing.
    """
    published = workspace.warehouse_dir / MARTS
    if force or not workspace.is_demo:
        return
    previous = read_previous(published)
    if previous is None or previous.is_demo:
        return
    what = "holds real data" if previous.is_demo is False else "can't be read and may be real"
    raise ServeError(
        f"{shown(published)} {what} and no source is configured, so demo data would replace it; "
        "set MARKETPLACE_DIR in .env, or WAREHOUSE_DIR to another folder, "
        "or give --force (make run FORCE=1)"
    )


def _tested_build(workspace: Workspace) -> tuple[BuildRecord, Build]:
    record = load(workspace.build_record_dir, workspace.build_database)
    build = load_build(workspace.build_record_dir)
    again = "nothing was published; run `make build` again"
    if build.invocation_id != record.invocation_id:
        raise ServeError(f"the dbt artifacts are not those of the last build; {again}")
    if problem := build.why_incomplete():
        raise ServeError(f"the last build is not complete: {problem}; {again}")
    if record.is_demo != workspace.is_demo:
        built, asked = ("demo", "real") if record.is_demo else ("real", "demo")
        raise ServeError(
            f"{shown(workspace.build_database)} was built from {built} data, but the configuration "
            f"asks for {asked} data; {again}"
        )
    if not any(not mart.is_restricted for mart in build.marts):
        raise ServeError(f"the project has no public mart under models/marts; {again}")
    for is_restricted in (False, True):
        chosen = [mart for mart in build.marts if mart.is_restricted == is_restricted]
        if name := duplicate_names(chosen, reserved=TABLE_NAME):
            raise ServeError(f"two published tables would be called {name}; rename one of them")
    return record, build


def _prepare(
    workspace: Workspace,
    switch: Switch,
    publication: Publication,
    marts: tuple[Mart, ...],
    tell: Callable[[int, int, str], None],
) -> tuple[dict[str, int], dict[str, int]]:
    shared = sorted((mart for mart in marts if not mart.is_restricted), key=_by_name)
    restricted = sorted((mart for mart in marts if mart.is_restricted), key=_by_name)
    exports = switch.exports_beside(publication.publication_id)
    shared_path, restricted_path = switch.beside(MARTS), switch.beside(RESTRICTED)
    shared_mode = 0o666 & ~current_umask()
    # Private until it is known that nothing personal is in them.
    with umask(PRIVATE_UMASK):
        with fresh_database(workspace.build_database, restricted_path, switch.spill) as copy:
            restricted_rows = copy.copy(restricted, publication, tell)
        with fresh_database(workspace.build_database, shared_path, switch.spill) as copy:
            rows = copy.copy(shared, publication, tell)
            _refuse_personal_data(copy.personal_data(shared))
            exports.mkdir(parents=True)
            tell(len(shared), len(shared), "Parquet exports")
            copy.export(shared, exports)
    about = exports / "publication.json"
    about.write_text(publication.model_dump_json(indent=2) + "\n", encoding="utf-8")
    sync(about)
    restricted_path.chmod(0o600)
    shared_path.chmod(shared_mode)
    _share(exports, shared_mode)
    return rows, restricted_rows


def _refuse_personal_data(lines: list[str]) -> None:
    if not lines:
        return
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    raise ServeError(
        f"nothing was published, {lines[0]}{more}; mask it in the model, move the mart to "
        "models/marts/restricted, or set meta personal_data: false on a column that was reviewed",
        lines if len(lines) > 1 else [],
    )


def _share(exports: Path, mode: int) -> None:
    # A folder needs the search bit wherever its files may be read.
    searchable = mode | ((mode & 0o444) >> 2)
    for path in exports.iterdir():
        path.chmod(mode)
    for folder in (exports, exports.parent):
        folder.chmod(searchable)
    sync(exports)


def _by_name(mart: Mart) -> str:
    return mart.name


def published_paths(warehouse_dir: Path) -> tuple[Path, Path, Path]:
    """Return the shared database, the restricted database and the folder of current exports."""
    return (
        warehouse_dir / MARTS,
        warehouse_dir / RESTRICTED,
        warehouse_dir / EXPORTS / "current",
    )
