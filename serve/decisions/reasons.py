"""The reasons that people may give, read from seed `resolution_reasons`."""

import csv
import difflib
from dataclasses import dataclass
from pathlib import Path

from serve.errors import ConfigurationError, ServeError
from serve.files import shown

SEED = Path("seeds/decisions/resolution_reasons.csv")


@dataclass(frozen=True)
class Reason:
    """One active reason. `default_expiry_days` is None when it holds until new evidence comes."""

    code: str
    label: str
    description: str
    default_expiry_days: int | None
    requires_comment: bool
    affects_metrics: bool


@dataclass(frozen=True)
class ReasonSet:
    """The active reasons in the order in which people are offered them."""

    version: int
    reasons: tuple[Reason, ...]
    replaced: dict[str, str]

    def find(self, text: str) -> Reason:
        """Return the reason of a code or label, in whatever case.

        Errors: ConfigurationError that names the nearest ones.
        """
        wanted = _folded(text)
        for reason in self.reasons:
            if wanted in (_folded(reason.code), _folded(reason.label)):
                return reason
        if replacement := self.replaced.get(wanted):
            raise ConfigurationError(f"reason {text!r} is retired; use {replacement}")
        near = difflib.get_close_matches(
            wanted.upper().replace(" ", "_"), [reason.code for reason in self.reasons], 3, 0.4
        )
        choice = f"did you mean {' or '.join(near)}?" if near else "--help lists them"
        raise ConfigurationError(f"there is no reason {text!r}; {choice}")


def read_reasons(project_dir: Path) -> ReasonSet:
    """Read the seed of a project.

    Errors: ServeError when it is absent or lacks a column.
    """
    path = project_dir / SEED
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        versions = [
            int(row[name])
            for row in rows
            for name in ("added_in_version", "retired_in_version")
            if row[name]
        ]
        active = tuple(_reason(row) for row in rows if row["is_active"] == "true")
        replaced = {
            _folded(row["reason_code"]): row["replaced_by"] for row in rows if row["replaced_by"]
        }
    except (OSError, KeyError, ValueError) as error:
        raise ServeError(
            f"{shown(path)} can't be read ({type(error).__name__}); restore it from the repository"
        ) from None
    return ReasonSet(max(versions, default=1), active, replaced)


def _reason(row: dict[str, str]) -> Reason:
    days = row["default_expiry_days"]
    return Reason(
        code=row["reason_code"],
        label=row["label"],
        description=row["description"],
        default_expiry_days=int(days) if days else None,
        requires_comment=row["requires_comment"] == "true",
        affects_metrics=row["affects_metrics"] == "true",
    )


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()
