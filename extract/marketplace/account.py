"""What a run says about its files: manifest entries, the `files` table, warnings, totals. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import pyarrow as pa

from extract.manifest import FileEntry, Window
from extract.marketplace.known import Verdict
from extract.marketplace.reading import Counts
from extract.marketplace.survey import Report
from extract.marketplace.tables import FILES

_COUNTED = (
    *("rows_in", "rows_landed", "rows_rejected", "blank_lines", "repeated_headers"),
    *("first_day", "last_day"),
)
_NAMED = 5


def warnings_about(verdict: Verdict) -> Iterator[str]:
    """Say what a person should know of one report before it lands."""
    report = verdict.report
    if report.problem:
        yield f"left out: {report.problem}"
    if verdict.status == "landed" and report.form.replaced:
        yield (
            f"{report.label}: {report.form.replaced:,} bytes stand for no character of "
            f"{report.form.encoding} and were replaced by \N{REPLACEMENT CHARACTER}"
        )


def edited_maps(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Say which files stay as an earlier version of their map read them; once for each map."""
    labels: dict[str, list[str]] = {}
    for verdict in verdicts:
        before, match = verdict.before, verdict.report.match
        if before and before.layout and match and before.layout_version != match.layout.version:
            labels.setdefault(before.layout, []).append(verdict.report.label)
    for layout, (first, *others) in labels.items():
        more = f" and {count_files(len(others))} more" if others else ""
        yield (
            f"{first}{more}: read by layout {layout} before its map was edited and not read again; "
            "to read anew, remove the runs that landed them"
        )


def unknown_columns(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Say which columns no map names; once for all files that have the same ones."""
    labels: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for verdict in verdicts:
        match = verdict.report.match
        if verdict.status == "landed" and match and match.unknown:
            labels.setdefault((match.layout.name, match.unknown), []).append(verdict.report.label)
    for (layout, names), (first, *others) in labels.items():
        more = f" and {count_files(len(others))} more" if others else ""
        yield (
            f"{first}{more}: columns that {layout} does not know were kept in _extra: "
            f"{', '.join(names)}"
        )


def shared_contents(entries: Sequence[FileEntry]) -> Iterator[str]:
    """Say which contents now land in two sub-channels."""
    first: dict[str, FileEntry] = {}
    for entry in entries:
        other = first.setdefault(entry.sha256, entry)
        is_new = "landed" in (entry.status, other.status)
        if other.sub_channel != entry.sub_channel and is_new and entry.rows_in:
            yield (
                f"{entry.path} has the same content as {other.path}, and its rows count in both "
                "sub-channels; take one of them out unless that is meant"
            )


def landed_entry(report: Report, counts: Counts) -> FileEntry:
    """Describe a report that this run has read."""
    entry = _seen(Verdict(report, "landed"))
    return entry.model_copy(update={name: getattr(counts, name) for name in _COUNTED})


def entry_not_read(verdict: Verdict, landed: Mapping[str, FileEntry]) -> FileEntry:
    """Describe a report that was seen only; its counts are those of the run that landed it."""
    entry = _seen(verdict)
    before = verdict.before or landed.get(verdict.held_by or "")
    if before is None:
        return entry
    taken_over = (*_COUNTED, "layout", "layout_version", "table_name", "replaces", "window_field")
    return entry.model_copy(update={name: getattr(before, name) for name in taken_over})


def _seen(verdict: Verdict) -> FileEntry:
    report = verdict.report
    layout = report.match.layout if report.match else None
    return FileEntry(
        path=report.label,
        sha256=report.sha256,
        bytes=report.size,
        modified_at=report.file.modified_at,
        status=verdict.status,
        sub_channel=report.file.sub_channel,
        container=report.container,
        encoding=report.form.encoding,
        layout=layout.name if layout else None,
        layout_version=layout.version if layout else None,
        table_name=layout.table if layout else None,
        replaces=layout.replaces if layout else None,
        window_field=layout.window_field if layout else None,
    )


def file_rows(entries: Sequence[FileEntry]) -> pa.RecordBatch:
    """Turn the entries into the columns of table `files`."""
    renamed = {"file_sha256": "sha256", "file_bytes": "bytes", "file_modified_at": "modified_at"}
    columns = {
        name: pa.array([getattr(entry, renamed.get(name, name)) for entry in entries], kind)
        for name, kind in FILES.columns
    }
    columns["_source_file"] = pa.array([entry.path for entry in entries], pa.string())
    return pa.RecordBatch.from_pydict(columns)


def window_of(entries: Sequence[FileEntry]) -> Window | None:
    """Return the days that the landed rows span, or None without any."""
    landed = [entry for entry in entries if entry.status == "landed"]
    first_days = [entry.first_day for entry in landed if entry.first_day]
    last_days = [entry.last_day for entry in landed if entry.last_day]
    if not first_days or not last_days:
        return None
    # The day after the last one, which year 9999 does not have.
    last = date.fromisoformat(max(last_days))
    until = last + timedelta(days=1) if last < date.max else last
    return Window(since=min(first_days), until=until.isoformat())


def tell(entries: Sequence[FileEntry], rejected: Counter[str], hidden: Sequence[str]) -> list[str]:
    """Sum a run up in lines for a person."""
    lines = ["no files in the drop folder"]
    if entries:
        states = Counter(entry.status.replace("_", " ") for entry in entries)
        text = ", ".join(f"{number:,} {state}" for state, number in states.items())
        lines = [f"{count_files(len(entries))}: {text}"]
    landed = [entry for entry in entries if entry.status == "landed"]
    if landed:
        rows_in = sum(entry.rows_in for entry in landed)
        rows_landed = sum(entry.rows_landed for entry in landed)
        text = f"{rows_in:,} rows in = {rows_landed:,} landed + {rejected.total():,} rejected"
        reasons = ", ".join(f"{code} {number:,}" for code, number in rejected.most_common())
        lines.append(f"{text} ({reasons})" if reasons else text)
    if hidden:
        more = f" and {len(hidden) - _NAMED:,} more" if len(hidden) > _NAMED else ""
        lines.append(f"left alone, hidden: {', '.join(hidden[:_NAMED])}{more}")
    return lines


def count_files(files: int) -> str:
    """Write a number of files in words for a person."""
    return f"{files:,} file" if files == 1 else f"{files:,} files"
