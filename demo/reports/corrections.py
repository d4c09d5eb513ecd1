"""Files that were sent again: once unchanged under another name, twice corrected."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from demo.company.stories import CORRECTED, WITHDRAWN_ORDER_ID
from demo.reports.files import FileFacts, set_time
from demo.reports.plan import CORRECTED_FILES, DELIVERED_TWICE, REPORTS, Report, delivered_at

_LATER = timedelta(days=9)
_AMOUNT_COLUMNS = {"amazon_orders": "item-price", "amazon_seller_returns": "Refunded Amount"}


def deliver_twice(files: list[FileFacts], root: Path | None) -> None:
    """Put a copy of one file beside it, two days later, as a browser names a second download."""
    sub_channel, name, month = DELIVERED_TWICE
    original = _facts(files, sub_channel, name, month)
    path = Path(original.path)
    copy = path.with_name(f"{path.stem} (1){path.suffix}")
    if root is not None:
        shutil.copyfile(root / path, root / copy)
        set_time(root / copy, delivered_at(month) + timedelta(days=2))
    files.append(replace(original, path=copy.as_posix(), duplicate_of=original.path))


def deliver_corrections(files: list[FileFacts], root: Path | None) -> None:
    """Rename what was written to the corrected name and write the first version in its place."""
    for sub_channel, name, month in CORRECTED_FILES:
        facts = _facts(files, sub_channel, name, month)
        path = Path(facts.path)
        corrected = path.with_name(f"{path.stem}-corrected{path.suffix}")
        first = replace(facts, path=facts.path, corrected_by=corrected.as_posix())
        facts.path = corrected.as_posix()
        if name == "amazon_seller_returns":
            first.rows += 1
        files.append(first)
        if root is None:
            continue
        (root / path).rename(root / corrected)
        with (
            (root / corrected).open(encoding="utf-8", newline="") as right,
            (root / path).open("w", encoding="utf-8", newline="") as wrong,
        ):
            wrong.writelines(_first_version(name, right))
        set_time(root / path, delivered_at(month))
        set_time(root / corrected, delivered_at(month) + _LATER)


def _first_version(name: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines as they were before the correction."""
    header = next(lines)
    yield header
    columns = header.rstrip("\n").split("\t")
    amount_at = columns.index(_AMOUNT_COLUMNS[name])
    corrected = {order.order_id for order in CORRECTED}
    is_first = True
    for line in lines:
        cells = line.rstrip("\n").split("\t")
        if cells[0] not in corrected:
            yield line
            continue
        cells[amount_at] = _doubled(cells[amount_at])
        yield "\t".join(cells) + "\n"
        if is_first and name == "amazon_seller_returns":
            yield "\t".join(_withdrawn(cells, columns)) + "\n"
        is_first = False


def _withdrawn(cells: list[str], columns: list[str]) -> list[str]:
    changes: dict[str, Callable[[str], str]] = {
        "Order ID": lambda _: WITHDRAWN_ORDER_ID,
        "Return request date": lambda _: "16-Apr-2026",
        "Return delivery date": lambda _: "18-Apr-2026",
        "Amazon RMA ID": lambda text: f"{text}W",
    }
    return [changes.get(name, str)(cell) for name, cell in zip(columns, cells, strict=True)]


def _doubled(amount: str) -> str:
    cents = round(float(amount) * 100) * 2
    return f"{cents // 100}.{cents % 100:02d}"


def _facts(files: list[FileFacts], sub_channel: str, name: str, month: str) -> FileFacts:
    path = _report(name).path(sub_channel, month)
    return next(facts for facts in files if facts.path.startswith(path))


def _report(name: str) -> Report:
    return next(report for report in REPORTS if report.sql == name)
