"""Builds the reason models over the sample files, once a test run, with the seeds as they are."""

import csv
import functools
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
SHARED_DATA = Path(os.environ.get("SHARED_DATA_DIR", PROJECT.parent / "shared" / "data"))
VOCABULARIES = SHARED_DATA / "reasons" / "reason_vocabularies.csv"

MODELS = (
    "keyed", "decisions", "known", "listed", "worded", "rule_hits", "ruled", "classified",
    "nearest",
)  # fmt: skip
UNMAPPABLE = "qwxz zzyx"

_FOLDER = tempfile.TemporaryDirectory(prefix="reason-models-")


def rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key_cases() -> list[tuple[str, str | None]]:
    """Raw reasons and the keys they must have; escapes stand for what an editor can't show."""
    return [
        (_unescaped(row["raw_reason"]), row["reason_key"] or None)
        for row in rows(HERE / "reason_keys.csv")
    ]


def samples(name: str) -> list[dict[str, str]]:
    """Read hand-labelled reasons: `tuned`, `held_out` or `retailers`."""
    return rows(HERE / f"reason_samples_{name}.csv")


def rules() -> list[dict[str, str]]:
    """Read the rules as people edit them."""
    return rows(PROJECT / "seeds" / "reasons" / "reason_rules.csv")


def vocabularies() -> list[dict[str, str]]:
    """Read the published reason codes of the shared data; empty where they are absent."""
    return rows(VOCABULARIES) if VOCABULARIES.is_file() else []


@functools.cache
def built() -> duckdb.DuckDBPyConnection:
    """Build once and return a connection. Every sample is in, under `any` and its own list."""
    database = Path(_FOLDER.name) / "reasons.duckdb"
    reasons: set[tuple[str, str | None]] = {("any", None), ("any", UNMAPPABLE)}
    reasons |= {("any", raw) for raw, _ in key_cases()}
    reasons |= {
        ("any", row["raw_reason"])
        for half in ("tuned", "held_out", "retailers")
        for row in samples(half)
    }
    reasons |= {("any", rule["example"]) for rule in rules()}
    reasons |= {(row["channel"], row["raw_reason"]) for row in vocabularies()}
    reasons |= {("any", row["raw_reason"]) for row in vocabularies()}
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_reasons__distinct"
            " (reason_vocabulary varchar, raw_reason varchar)"
        )
        connection.executemany(
            "insert into intermediate.int_reasons__distinct values (?, ?)", sorted(reasons, key=str)
        )
        # What stands in a reason column; without notes the two are the same.
        connection.execute(
            "create table intermediate.int_reasons__codes as"
            " from intermediate.int_reasons__distinct"
        )
    models = [f"int_reasons__{name}" for name in MODELS]
    dbt("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
        "--select", "path:seeds/reasons", *models)  # fmt: skip
    return duckdb.connect(str(database), read_only=True)


def normalised(texts: list[str]) -> list[str | None]:
    """Return the keys that model int_reasons__keyed gives these texts, in their order."""
    built()
    compiled = next(Path(_FOLDER.name).rglob("compiled/**/int_reasons__keyed.sql")).read_text()
    query = re.sub(r'"[a-z_]+"."intermediate"."int_reasons__distinct"', "texts", compiled)
    connection = duckdb.connect()
    connection.execute(
        "create table texts as select null as reason_vocabulary, unnest($texts) as raw_reason",
        {"texts": texts},
    )
    keys = dict(connection.execute(f"select raw_reason, reason_key from ({query})").fetchall())
    return [keys[text] for text in texts]


def dbt(*arguments: str) -> str:
    """Run dbt on this project with a database and a target of its own; return what it printed."""
    environment = os.environ | {
        "BUILD_DATABASE": str(Path(_FOLDER.name) / "reasons.duckdb"),
        "DBT_TARGET_PATH": str(Path(_FOLDER.name) / "target"),
        "DBT_LOG_PATH": str(Path(_FOLDER.name) / "logs"),
        "DBT_PROFILES_DIR": str(PROJECT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *arguments],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def _unescaped(text: str) -> str:
    text = text.replace("\\t", "\t")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
