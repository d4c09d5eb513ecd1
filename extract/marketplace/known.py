"""What was landed before, and what that makes of each report now. Pure.

The only memory are the committed manifests: remove a run and its files are read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from extract.manifest import FileEntry, Manifest
from extract.marketplace.survey import Report

Status = Literal["landed", "unchanged", "duplicate", "unknown_layout"]


@dataclass(frozen=True)
class Verdict:
    """What happens to one report.

    `held_by` is the label under which the same content is landed, for the two that don't land;
    `before` is the manifest's entry of that landing, unless it is landed in this very run.
    """

    report: Report
    status: Status
    held_by: str | None = None
    before: FileEntry | None = None


def judge(reports: Sequence[Report], manifests: Sequence[Manifest]) -> list[Verdict]:
    """Decide for each report, in order.

    A path's own last landing counts, not any earlier one: a file that is put back to what it was
    two runs ago lands again, or the version in between would stay in force. A layout map that was
    edited makes its files land again too.
    """
    landed: dict[str, FileEntry] = {}
    for manifest in manifests:
        landed.update({entry.path: entry for entry in manifest.files if entry.status == "landed"})
    # Content that its path is about to replace holds no other path back.
    content = {path: entry.sha256 for path, entry in landed.items()}
    content.update({report.label: report.sha256 for report in reports})
    holders = {
        entry.sha256: entry
        for path, entry in sorted(landed.items(), reverse=True)
        if content[path] == entry.sha256
    }
    landing: dict[str, str] = {}
    verdicts = []
    for report in reports:
        verdict = _judge_one(report, landed.get(report.label), holders.get(report.sha256), landing)
        if verdict.status == "landed":
            landing[report.sha256] = report.label
        verdicts.append(verdict)
    return verdicts


def _judge_one(
    report: Report, before: FileEntry | None, holder: FileEntry | None, landing: dict[str, str]
) -> Verdict:
    if report.match is None:
        return Verdict(report, "unknown_layout")
    if before is not None and before.sha256 == report.sha256:
        if before.layout_version == report.match.layout.version:
            return Verdict(report, "unchanged", report.label, before)
        return Verdict(report, "landed")
    if holder is not None:
        return Verdict(report, "duplicate", holder.path, holder)
    if report.sha256 in landing:
        return Verdict(report, "duplicate", landing[report.sha256])
    return Verdict(report, "landed")
