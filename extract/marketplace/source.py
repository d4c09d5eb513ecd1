"""Source `marketplace` as the runner sees it: survey the drop folder, judge, land."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from extract.landing import Run
from extract.manifest import FileEntry, Manifest, Window
from extract.marketplace.containers import open_members
from extract.marketplace.dropfolder import DropFile, find_files
from extract.marketplace.known import Status, Verdict, judge
from extract.marketplace.layouts import load_layouts
from extract.marketplace.numbers import NumberStyle
from extract.marketplace.reading import Counts, find_style, land_rows
from extract.marketplace.survey import Report, survey
from extract.marketplace.tables import FILES, SOURCE_NAME, TABLES
from extract.progress import Reporter
from extract.settings import Settings
from extract.sources import Options, Source

# What a report that is not read again takes over from the run that landed its content.
_COUNTED = (
    *("rows_in", "rows_landed", "rows_rejected", "blank_lines", "repeated_headers"),
    *("first_day", "last_day"),
)


@dataclass(frozen=True)
class MarketplaceJob:
    """Files that were found, checked and judged; `land` reads the new ones."""

    verdicts: Sequence[Verdict]
    warnings: Sequence[str]

    def plan(self) -> list[str]:
        """Say per report what would happen to it."""
        lines = [f"warning: {text}" for text in self.warnings]
        for verdict in self.verdicts:
            report = verdict.report
            layout = report.match.layout.name if report.match else "no layout"
            does = {"landed": "would land", "duplicate": f"same content as {verdict.held_by}"}
            state = does.get(verdict.status, verdict.status.replace("_", " "))
            lines.append(f"{report.label}: {state} ({layout}, {report.form.encoding})")
        return lines or ["no files in the drop folder"]

    def land(self, run: Run, reporter: Reporter) -> list[str]:
        """Read the reports that land, in the order of their labels."""
        for warning in self.warnings:
            run.warn(warning)
        entries: dict[str, FileEntry] = {}
        rejected: Counter[str] = Counter()
        wanted = [verdict for verdict in self.verdicts if verdict.status == "landed"]
        files: dict[DropFile, dict[str, Report]] = {}
        for verdict in wanted:
            files.setdefault(verdict.report.file, {})[verdict.report.label] = verdict.report
        size = sum(file.size for file in files)
        if wanted:
            with reporter.step(f"marketplace: reading {_count(len(wanted))}", size) as step:
                for file, reports in files.items():
                    styles = _styles(file, reports, run)
                    for member in open_members(file, step.advance, _keep_quiet):
                        if report := reports.get(member.label):
                            counts = land_rows(member, report, styles[report.label], run)
                            rejected.update(counts.rejected)
                            entries[report.label] = _entry(report, "landed", counts)
        for verdict in self.verdicts:
            entries.setdefault(verdict.report.label, _entry_not_read(verdict, entries))
        run.files = [entries[verdict.report.label] for verdict in self.verdicts]
        run.window_covered = _window(run.files)
        if run.files:
            run.write(FILES.name, _file_rows(run.files))
        return _told(run.files, rejected)


def marketplace_is_configured(settings: Settings) -> bool:
    """Whether there is a folder to read."""
    return settings.marketplace_dir is not None or bool(settings.marketplace_folders)


def prepare(
    settings: Settings, options: Options, manifests: Sequence[Manifest], reporter: Reporter
) -> MarketplaceJob | None:
    """Look through the drop folder; None when neither MARKETPLACE_DIR nor a folder is set."""
    if not marketplace_is_configured(settings):
        return None
    layouts = load_layouts(settings.marketplace_layouts_dir)
    folder = find_files(settings)
    ignored = list(folder.ignored)
    size = sum(file.size for file in folder.files)
    label = f"marketplace: checking {_count(len(folder.files))} ({size / 1e6:,.1f} MB)"
    with reporter.step(label, size) as step:
        reports = survey(
            folder.files,
            layouts,
            skip_unknown=options.skip_unknown,
            on_read=step.advance,
            on_ignored=ignored.append,
        )
    verdicts = judge(reports, manifests)
    warnings = [f"{name} is a hidden or unfinished file and was left alone" for name in ignored]
    for verdict in verdicts:
        warnings.extend(_warnings(verdict))
    return MarketplaceJob(verdicts, warnings)


def _styles(file: DropFile, reports: Mapping[str, Report], run: Run) -> dict[str, NumberStyle]:
    styles: dict[str, NumberStyle] = {}
    unsettled: set[str] = set()
    for label, report in reports.items():
        assert report.match is not None
        layout = report.match.layout
        styles[label] = NumberStyle(layout.decimal[0], layout.thousands)
        if len(layout.decimal) > 1:
            unsettled.add(label)
    if unsettled:
        for member in open_members(file, _keep_quiet, _keep_quiet):
            if member.label in unsettled:
                styles[member.label], warning = find_style(member, reports[member.label])
                if warning:
                    run.warn(warning)
    return styles


def _warnings(verdict: Verdict) -> Iterator[str]:
    report = verdict.report
    if report.problem:
        yield f"left out: {report.problem}"
    if verdict.status == "landed" and report.form.replaced:
        yield (
            f"{report.label}: {report.form.replaced:,} bytes stand for no character of "
            f"{report.form.encoding} and were replaced by \N{REPLACEMENT CHARACTER}"
        )
    if verdict.status == "landed" and report.match and report.match.unknown:
        names = ", ".join(report.match.unknown)
        layout = report.match.layout.name
        yield f"{report.label}: columns that {layout} does not know were kept in _extra: {names}"
    held_by = verdict.held_by or ""
    if verdict.status == "duplicate" and held_by.split("/")[0] != report.file.sub_channel:
        yield (
            f"{report.label} has the same content as {held_by} of another sub-channel and was "
            "not read again; if it belongs here, remove the run that landed it there"
        )


def _entry(report: Report, status: Status, counts: Counts | FileEntry | None) -> FileEntry:
    layout = report.match.layout if report.match else None
    entry = FileEntry(
        path=report.label,
        sha256=report.sha256,
        bytes=report.size,
        modified_at=report.file.modified_at,
        status=status,
        sub_channel=report.file.sub_channel,
        container=report.container,
        encoding=report.form.encoding,
        layout=layout.name if layout else None,
        layout_version=layout.version if layout else None,
        table_name=layout.table if layout else None,
        replaces=layout.replaces if layout else None,
    )
    if counts is None:
        return entry
    return entry.model_copy(update={name: getattr(counts, name) for name in _COUNTED})


def _entry_not_read(verdict: Verdict, landed: Mapping[str, FileEntry]) -> FileEntry:
    counts = verdict.before or landed.get(verdict.held_by or "")
    return _entry(verdict.report, verdict.status, counts)


def _file_rows(entries: Sequence[FileEntry]) -> pa.RecordBatch:
    renamed = {"file_sha256": "sha256", "file_bytes": "bytes", "file_modified_at": "modified_at"}
    columns = {
        name: pa.array([getattr(entry, renamed.get(name, name)) for entry in entries], kind)
        for name, kind in FILES.columns
    }
    columns["_source_file"] = pa.array([entry.path for entry in entries], pa.string())
    return pa.RecordBatch.from_pydict(columns)


def _window(entries: Sequence[FileEntry]) -> Window | None:
    landed = [entry for entry in entries if entry.status == "landed"]
    first_days = [entry.first_day for entry in landed if entry.first_day]
    last_days = [entry.last_day for entry in landed if entry.last_day]
    if not first_days or not last_days:
        return None
    # The day after the last one, which year 9999 does not have.
    last = date.fromisoformat(max(last_days))
    until = last + timedelta(days=1) if last < date.max else last
    return Window(since=min(first_days), until=until.isoformat())


def _told(entries: Sequence[FileEntry], rejected: Counter[str]) -> list[str]:
    if not entries:
        return ["no files in the drop folder"]
    states = Counter(entry.status.replace("_", " ") for entry in entries)
    landed = [entry for entry in entries if entry.status == "landed"]
    lines = [
        f"{_count(len(entries))}: " + ", ".join(f"{n:,} {state}" for state, n in states.items())
    ]
    if landed:
        rows_in = sum(entry.rows_in for entry in landed)
        rows_landed = sum(entry.rows_landed for entry in landed)
        text = f"{rows_in:,} rows in = {rows_landed:,} landed + {rejected.total():,} rejected"
        reasons = ", ".join(f"{code} {n:,}" for code, n in rejected.most_common())
        lines.append(f"{text} ({reasons})" if reasons else text)
    return lines


def _count(files: int) -> str:
    return f"{files:,} file" if files == 1 else f"{files:,} files"


def _keep_quiet(_: object) -> None:
    """For a pass over a file that was counted and reported before."""


MARKETPLACE = Source(
    name=SOURCE_NAME,
    tables=TABLES,
    to_configure="set MARKETPLACE_DIR to a folder with one subfolder a sub-channel",
    prepare=prepare,
)
