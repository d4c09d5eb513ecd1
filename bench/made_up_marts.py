"""A made-up company in the tables of the published contracts, for the benchmark and for tests."""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import yaml

_MARTS = Path(__file__).parents[1] / "models" / "marts"
_DERIVED = Path(__file__).parent / "derived_marts.sql"


def write_company(
    connection: duckdb.DuckDBPyConnection, script: str, values: Mapping[str, str | int]
) -> None:
    """Create the shared marts and fill them: by the script, then by what follows from its rows.

    In a script `$name` is a value, and `{name}` the columns that `serve publish` sorts a mart by.
    """
    orders: dict[str, str] = {}
    for path in sorted(_MARTS.rglob("*.yml")):
        if "restricted" in path.parts:
            continue
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            columns = [f'"{each["name"]}" {each["data_type"]}' for each in model["columns"]]
            connection.execute(f"create table {model['name']} ({', '.join(columns)})")
            orders[model["name"]] = ", ".join(_published_order(path)) or "all"
    for source in (script, _DERIVED.read_text(encoding="utf-8")):
        for statement in re.sub(r"--.*", "", source).split(";\n"):
            if not statement.strip():
                continue
            connection.execute(
                re.sub(r"\{(\w+)\}", lambda found: orders[found[1]], statement),
                {name: values[name] for name in set(re.findall(r"\$(\w+)", statement))},
            )


def _published_order(model: Path) -> list[str]:
    """Return the columns that `serve publish` sorts a mart by, as its model declares them."""
    sql = model.with_suffix(".sql").read_text(encoding="utf-8")
    found = re.search(r"'order_by': \[([^\]]*)\]", sql)
    return re.findall(r"'(\w+)'", found[1]) if found else []
