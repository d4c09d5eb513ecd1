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

    A content lands once per sub-channel, whatever the path it comes back under. Which content of
    a path is in force, dbt decides by what table `files` saw last. The same content in two
    sub-channels lands in both: Amazon's account-wide reports are the same file for each country.
    """
    landed: dict[tuple[str | None, str], FileEntry] = {}
    for manifest in manifests:
        for entry in manifest.files:
            if entry.status == "landed":
                landed[entry.sub_channel, entry.sha256] = entry
    landing: dict[tuple[str | None, str], str] = {}
    verdicts = []
    for report in reports:
        content = (report.file.sub_channel, report.sha256)
        before = landed.get(content)
        if report.match is None:
            verdicts.append(Verdict(report, "unknown_layout"))
        elif before is not None:
            status: Status = "unchanged" if before.path == report.label else "duplicate"
            verdicts.append(Verdict(report, status, before.path, before))
        elif content in landing:
            verdicts.append(Verdict(report, "duplicate", landing[content]))
        else:
            landing[content] = report.label
            verdicts.append(Verdict(report, "landed"))
    return verdicts
