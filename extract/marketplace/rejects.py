"""Rows that can't be read, and the codes that say why."""

from dataclasses import dataclass

TOO_MANY_FIELDS = "too_many_fields"
UNBALANCED_QUOTE = "unbalanced_quote"
MISSING_REQUIRED = "missing_required"
BAD_NUMBER = "bad_number"
BAD_DATE = "bad_date"
AMBIGUOUS_DATE = "ambiguous_date"


@dataclass(frozen=True)
class Reject:
    """A row that can't be read. `raw` is personal data and goes nowhere but into raw.

    `header` is the column at fault as the file names it, or None when it is the whole row.
    """

    row_number: int
    code: str
    header: str | None
    raw: str
