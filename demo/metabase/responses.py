"""Bodies of the small endpoints: properties, user, database, question."""

from typing import Any

from demo.metabase.options import Card, Options

_VERSIONS = {1: "v0.46.8", 2: "v0.57.3", 3: "v0.60.2"}
"""Version tags to tell the generations apart by."""


def properties(options: Options) -> dict[str, Any]:
    """Return what everybody may know of the server."""
    return {
        "version": {"tag": _VERSIONS[options.generation]},
        "has-user-setup": True,
        "report-timezone-short": options.report_timezone,
        "report-timezone-long": options.report_timezone,
    }


def user(username: str) -> dict[str, Any]:
    """Return the user whom the key or the session stands for."""
    return {
        "id": 1,
        "email": username,
        "common_name": "Demo reader",
        "is_active": True,
        "is_superuser": False,
        "locale": None,
    }


def database(options: Options) -> dict[str, Any]:
    """Return the one database. It answers as Postgres would, through DuckDB."""
    return {
        "id": options.database_id,
        "name": "Shop",
        "description": "Operational tables of the demo shop",
        "engine": "postgres",
        "timezone": "UTC",
        "native_permissions": "write",
        "initial_sync_status": "complete",
    }


def card(card_id: int, found: Card, options: Options) -> dict[str, Any]:
    """Return a saved question."""
    return {
        "id": card_id,
        "name": found.name,
        "database_id": options.database_id,
        "query_type": "native",
        "archived": False,
        "dataset_query": {
            "database": options.database_id,
            "type": "native",
            "native": found.native,
        },
        "visualization_settings": dict(found.settings),
    }
