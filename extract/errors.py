"""The one exception that a person may see: a single line that says what to do next."""


class ExtractError(Exception):
    """A condition that stops extraction.

    The text is one line, names the file or setting at fault and never quotes a row of data.
    """
