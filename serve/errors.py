"""Faults that a person can mend, told in one line each."""

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# The errors in which DuckDB quotes the value it failed on; further lines repeat it bare.
_QUOTES_VALUES = re.compile(r"^.*(Conversion Error|Invalid Input Error|Constraint Error).*$", re.M)
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"")
_LONGEST_LINE = 400


class ServeError(Exception):
    """A condition that stops the work, with the exit code it stands for.

    The text is for a person: it names the file, mart or setting at fault, says what to do next, and
    never quotes a row of data. `details` are further lines, one per failed step.
    """

    exit_code = 1

    def __init__(self, message: str, details: list[str] | None = None) -> None:
        super().__init__(message)
        self.details = details or []


class ConfigurationError(ServeError):
    """An option or a setting that can't be used; nothing was done."""

    exit_code = 2


def one_line(text: str) -> str:
    """Shorten a message of another program to one line, without the values that it may quote."""
    if quoting := _QUOTES_VALUES.search(text):
        text = text[: quoting.start()] + _VALUE.sub("<value>", quoting[0])
    line = _EMAIL.sub("<e-mail>", " ".join(text.split()))
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"
