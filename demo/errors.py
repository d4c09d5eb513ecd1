"""The one exception of the demo company that a person may see."""


class DemoError(Exception):
    """A condition that stops the generator: one line that says what to do next."""
