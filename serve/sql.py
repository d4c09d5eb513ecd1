"""Quoting for the few statements that take no parameters."""


def identifier(name: str) -> str:
    """Quote a table or column name."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def literal(text: object) -> str:
    """Quote a text value."""
    escaped = str(text).replace("'", "''")
    return f"'{escaped}'"
