"""What visualization settings do to a download: titles, hidden columns, another order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from demo.metabase.database import Column


@dataclass(frozen=True)
class Presentation:
    """The columns of a download: their places in the row of the query, and their titles."""

    places: tuple[int, ...]
    titles: tuple[str, ...]
    is_plain: bool

    def rows(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[Sequence[Any]]:
        """Return the rows in the order of the titles."""
        if self.is_plain:
            return rows
        if len(self.places) == 1:
            return [(row[self.places[0]],) for row in rows]
        pick = itemgetter(*self.places)
        return [pick(row) for row in rows]


def present(columns: Sequence[Column], settings: Mapping[str, Any]) -> Presentation:
    """Apply visualization settings to the columns of a result."""
    by_name = {column.name: place for place, column in enumerate(columns)}
    places = list(range(len(columns)))
    wanted = settings.get("table.columns")
    if isinstance(wanted, list) and wanted:
        places = [
            by_name[one["name"]]
            for one in wanted
            if one.get("enabled", True) and one.get("name") in by_name
        ]
    of_columns = {
        _column_name(key): value for key, value in (settings.get("column_settings") or {}).items()
    }
    titles = tuple(_title(columns[place], of_columns) for place in places)
    return Presentation(tuple(places), titles, places == list(range(len(columns))))


def _column_name(key: str) -> str:
    """Return the name in a key like '["name","amount"]'; a bare name is one, too."""
    try:
        parts = json.loads(key)
    except ValueError:
        return key
    return str(parts[-1]) if isinstance(parts, list) and parts else key


def _title(column: Column, settings: Mapping[str, Mapping[str, Any]]) -> str:
    of_column = settings.get(column.name) or {}
    title = str(of_column.get("column_title") or column.title)
    if of_column.get("number_style") == "currency":
        return f"{title} ({of_column.get('currency', 'USD')})"
    return title
