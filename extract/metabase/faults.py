"""What can go wrong with an answer, sorted by what the extractor does about it."""

import re

_TIMEOUT = re.compile(
    r"tim(e|ed)[ -]?out|canceling statement|query was cancell?ed|max_execution_time"
    r"|execution time|failed to fetch",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"connection|broken pipe|too many clients|terminating|unavailable|shutting down|try again",
    re.IGNORECASE,
)
_PERMISSION = re.compile(r"permission", re.IGNORECASE)
# Databases quote values in their messages; only the shape of the message is for logs.
_QUOTED = re.compile(r"'[^']*'|(?<=: )\"[^\"]*\"")
_NAME = re.compile(r"'[^']*'|\"[^\"]*\"")
_CONTACT = re.compile(r"\S+@\S+|\d{6,}")
_LONGEST = 200


class Passing(Exception):
    """A fault that may be gone in a moment: the request is repeated.

    `wait` is what the server asks for, in seconds.
    """

    def __init__(self, text: str, wait: float | None = None) -> None:
        super().__init__(text)
        self.wait = wait


class TookTooLong(Exception):
    """The query timed out somewhere on its way: a smaller window is asked for."""


class NotAllowed(Exception):
    """We are not let read in such a way; another may be open."""


class Refused(Exception):
    """The server will not run this query, however often it is asked."""


def fault_of(message: str) -> Exception:
    """Sort the text of a failed query."""
    told = told_by_server(message)
    # A column called "connection" that is not there is no lost connection.
    words = _NAME.sub("", message)
    if _TIMEOUT.search(words):
        return TookTooLong(told)
    if _PERMISSION.search(words):
        return NotAllowed(told)
    return Passing(told) if _PASSING.search(words) else Refused(told)


def told_by_server(message: str) -> str:
    """Shorten a server's message to its first line, with every quoted value blotted out."""
    line = message.strip().splitlines()[0] if message.strip() else "no message"
    return _CONTACT.sub("...", _QUOTED.sub("'...'", line))[:_LONGEST]
