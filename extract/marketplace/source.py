"""Source `marketplace` as the runner sees it: survey the drop folder, judge, land."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.landing import Run
from extract.manifest import FileEntry, Manifest
from extract.marketplace.account import (
    count_files,
    edited_maps,
    entry_not_read,
    file_rows,
    landed_entry,
    shared_contents,
    tell,
    unknown_columns,
    warnings_about,
    window_of,
)
from extract.marketplace.containers import open_members
from extract.marketplace.dropfolder import DropFile, find_files, is_unfinished
from extract.marketplace.known import Verdict, judge
from extract.marketplace.layouts import load_layouts
from extract.marketplace.numbers import NumberStyle
from extract.marketplace.reading import find_style, land_rows
from extract.marketplace.survey import Report, survey
from extract.marketplace.tables import FILES, SOURCE_NAME, TABLES
from extract.progress import Reporter
from extract.settings import Settings
from extract.sources import Options, Source


@dataclass(frozen=True)
class MarketplaceJob:
    """Files that were found, checked and judged; `land` reads the new ones."""

    verdicts: Sequence[Verdict]
    warnings: Sequence[str]
    hidden: Sequence[str]

    def plan(self) -> list[str]:
        """Say per report what would happen to it."""
        lines = [f"warning: {text}" for text in self.warnings]
        for verdict in self.verdicts:
            report = verdict.report
            layout = report.match.layout.name if report.match else "no layout"
            does = {"landed": "would land", "duplicate": f"same content as {verdict.held_by}"}
            state = does.get(verdict.status, verdict.status.replace("_", " "))
            lines.append(f"{report.label}: {state} ({layout}, {report.form.encoding})")
        lines += [f"{name}: hidden, left alone" for name in self.hidden]
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
            with reporter.step(f"marketplace: reading {count_files(len(wanted))}", size) as step:
                for file, reports in files.items():
                    styles = _styles(file, reports, run)
                    for member in open_members(file, step.advance, _keep_quiet):
                        if report := reports.get(member.label):
                            counts = land_rows(member, report, styles[report.label], run)
                            rejected.update(counts.rejected)
                            entries[report.label] = landed_entry(report, counts)
        for verdict in self.verdicts:
            entries.setdefault(verdict.report.label, entry_not_read(verdict, entries))
        run.files = [entries[verdict.report.label] for verdict in self.verdicts]
        for warning in shared_contents(run.files):
            run.warn(warning)
        run.window_covered = window_of(run.files)
        if run.files:
            run.write(FILES.name, file_rows(run.files))
        return tell(run.files, rejected, self.hidden)


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
    left_alone = list(folder.ignored)
    size = sum(file.size for file in folder.files)
    label = f"marketplace: checking {count_files(len(folder.files))} ({size / 1e6:,.1f} MB)"
    with reporter.step(label, size) as step:
        reports = survey(
            folder.files,
            layouts,
            skip_unknown=options.skip_unknown,
            on_read=step.advance,
            on_ignored=left_alone.append,
        )
    verdicts = judge(reports, manifests)
    warnings = [
        f"{name} is still on its way (or was left half copied) and was not read"
        for name in left_alone
        if is_unfinished(name)
    ]
    for verdict in verdicts:
        warnings.extend(warnings_about(verdict))
    warnings.extend(unknown_columns(verdicts))
    warnings.extend(edited_maps(verdicts))
    hidden = [name for name in left_alone if not is_unfinished(name)]
    return MarketplaceJob(verdicts, warnings, hidden)


def _keep_quiet(_: object) -> None:
    """For a pass over a file that was counted and reported before."""


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


MARKETPLACE = Source(
    name=SOURCE_NAME,
    tables=TABLES,
    to_configure="set MARKETPLACE_DIR to a folder with one subfolder a sub-channel",
    prepare=prepare,
)
