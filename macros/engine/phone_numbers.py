"""Gives DuckDB what SQL can't do about people's contacts; loaded by dbt-duckdb, see profiles.yml.

`e164_phone(text, region)` reads phone numbers with the numbering plans of the phonenumbers library.
The salt of hashes is a variable of the session, so that it never stands in compiled SQL or a log.
Another engine needs a session function of the same name, see macros/engine/e164_phone.sql.
"""

import os
from typing import Any

import phonenumbers
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection


def e164_phone(text: str | None, region: str | None) -> str | None:
    """Return the number as +<country><number>; None when it is no valid number.

    `region` (ISO 3166 alpha-2) is where a number without a country code is dialled; without one
    only international numbers are read.
    """
    if text is None:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    # A placeholder such as 0000000 must not make one person of all who typed it.
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class Plugin(BasePlugin):
    """Registers the function once and the salt with every cursor."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the function."""
        # The type stubs know the word as an enumeration only, which moves between versions.
        conn.create_function(  # type: ignore[call-overload]
            "e164_phone",
            e164_phone,
            ["VARCHAR", "VARCHAR"],
            "VARCHAR",
            null_handling="special",
        )

    def configure_cursor(self, cursor: Any) -> None:
        """Set the salt of hashes for this session."""
        cursor.execute("set variable hash_salt = ?", [os.environ.get("HASH_SALT", "")])
