"""Reads dbt's manifest and run results: which marts there are, and whether all of it passed."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from serve.errors import ServeError, one_line
from serve.files import shown

RESTRICTED_FOLDER = "models/marts/restricted/"
MARTS_FOLDER = "models/marts/"
PASSED = frozenset({"success", "pass", "warn"})
# dbt repeats the model and its file in front of the database's own words.
_PLACE = re.compile(r"^\w+ Error in \w+ \S+ \([^)]*\)\s*")
# The tag of tests of models that are not published; dbt_project.yml says why they are apart.
INNER = "inner"
# What `dbt build` runs. Exposures, metrics and the like have no result of their own.
_RUNNABLE = frozenset({"model", "seed", "snapshot", "test", "function"})


@dataclass(frozen=True)
class Column:
    """A column of a mart as its YAML describes it."""

    name: str
    description: str
    is_reviewed: bool


@dataclass(frozen=True)
class Mart:
    """A model that is published, as a table of the same name.

    `order_by` comes from the model's `meta.order_by` and names its key; rows are written in that
    order. Empty means by all columns. A column with `meta.personal_data: false` was reviewed by a
    person and is left out of the search for personal data.
    """

    name: str
    schema: str
    path: str
    description: str
    columns: dict[str, Column]
    order_by: tuple[str, ...]
    is_restricted: bool


@dataclass(frozen=True)
class Outcome:
    """How one step of dbt (model, seed, test) ended."""

    unique_id: str
    kind: str
    name: str
    path: str
    status: str
    failures: int | None = None
    message: str | None = None
    failures_table: str | None = None

    @property
    def has_passed(self) -> bool:
        """Whether it ran and did not fail; a warning has passed."""
        return self.status in PASSED

    def line(self) -> str:
        """Say in one line what failed, how many rows, and where to look."""
        text = f"{self.kind} {self.name}: "
        if self.kind == "test" and self.failures:
            unit = "row" if self.failures == 1 else "rows"
            text += f"{self.failures:,} {unit} {'failed' if not self.has_passed else 'found'}"
            if self.failures_table:
                text += f", kept in {self.failures_table}"
        elif self.message:
            text += one_line(_PLACE.sub("", self.message))
        else:
            text += self.status
        return f"{text} ({self.path})"


@dataclass(frozen=True)
class Build:
    """Manifest and results of one dbt invocation."""

    invocation_id: str
    marts: tuple[Mart, ...]
    outcomes: tuple[Outcome, ...]
    expected: dict[str, str]
    manifest_invocation_id: str
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def warnings(self) -> list[Outcome]:
        """Tests that found something and are configured to warn."""
        return [outcome for outcome in self.outcomes if outcome.status == "warn"]

    def why_incomplete(self) -> str | None:
        """Say why this run of dbt is no complete, successful build, or return None."""
        if self.manifest_invocation_id != self.invocation_id:
            return "manifest.json and run_results.json are of different dbt runs"
        if self.arguments.get("which", "build") != "build":
            return f"it was `dbt {self.arguments['which']}`, not `dbt build`"
        if self.arguments.get("empty") or self.arguments.get("sample"):
            return "it was built with --empty or --sample"
        failed = [outcome for outcome in self.outcomes if not outcome.has_passed]
        if failed:
            more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
            return f"{failed[0].kind} {failed[0].name} ended as {failed[0].status}{more}"
        ran = {outcome.unique_id for outcome in self.outcomes}
        missing = [label for unique_id, label in self.expected.items() if unique_id not in ran]
        if missing:
            return (
                f"{len(missing):,} of {len(self.expected):,} steps did not run, "
                f"the first is {missing[0]}"
            )
        return None


def load_build(folder: Path) -> Build:
    """Read both artifacts from a folder.

    Errors: ServeError when one is absent or is not what dbt writes.
    """
    manifest, results = (_read(folder / name) for name in ("manifest.json", "run_results.json"))
    try:
        nodes = {
            **{k: v for k, v in manifest["nodes"].items() if _is_run(v)},
            **manifest.get("unit_tests", {}),
            **manifest.get("functions", {}),
        }
        return Build(
            invocation_id=results["metadata"]["invocation_id"],
            manifest_invocation_id=manifest["metadata"]["invocation_id"],
            marts=tuple(_marts(manifest)),
            outcomes=tuple(_outcome(result, nodes) for result in results["results"]),
            expected={k: f"{_kind(v)} {v['name']}" for k, v in nodes.items() if _is_due(v)},
            arguments=results.get("args", {}),
        )
    except (KeyError, TypeError) as error:
        raise ServeError(
            f"the dbt artifacts in {shown(folder)} lack {error}; run `make build` again"
        ) from None


def duplicate_names(marts: Sequence[Mart], reserved: str) -> str | None:
    """Return a table name that two marts, or a mart and the publication itself, would share."""
    seen = {reserved}
    for mart in marts:
        if mart.name in seen:
            return mart.name
        seen.add(mart.name)
    return None


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ServeError(f"{shown(path)} is missing; run `make build` again") from None
    except ValueError:
        raise ServeError(f"{shown(path)} is not valid JSON; run `make build` again") from None
    if not isinstance(content, dict):
        raise ServeError(f"{shown(path)} is not a dbt artifact; run `make build` again")
    return content


def _is_due(node: dict[str, Any]) -> bool:
    """Say whether a build must run it: unit tests and inner tests prove the code, not the data."""
    return node["resource_type"] != "unit_test" and INNER not in node.get("tags", ())


def _is_run(node: dict[str, Any]) -> bool:
    is_ephemeral = node["config"].get("materialized") == "ephemeral"
    return node["resource_type"] in _RUNNABLE and not is_ephemeral


def _kind(node: dict[str, Any]) -> str:
    return str(node["resource_type"]).replace("_", " ")


def _marts(manifest: dict[str, Any]) -> Iterator[Mart]:
    for node in manifest["nodes"].values():
        path = node["original_file_path"].replace("\\", "/")
        if node["resource_type"] != "model" or not path.startswith(MARTS_FOLDER):
            continue
        is_restricted = path.startswith(RESTRICTED_FOLDER)
        # Who may ref() a restricted mart is the models' affair: it is published apart all the same.
        is_published = is_restricted or node.get("access", "protected") == "public"
        if is_published and node["config"].get("materialized") != "ephemeral":
            yield _mart(node, path, is_restricted)


def _mart(node: dict[str, Any], path: str, is_restricted: bool) -> Mart:
    meta = {**node.get("meta", {}), **node["config"].get("meta", {})}
    order_by = meta.get("order_by") or ()
    return Mart(
        name=node.get("alias") or node["name"],
        schema=node["schema"],
        path=path,
        description=" ".join((node.get("description") or "").split()),
        columns={name: _column(entry) for name, entry in node.get("columns", {}).items()},
        order_by=(order_by,) if isinstance(order_by, str) else tuple(order_by),
        is_restricted=is_restricted,
    )


def _column(entry: dict[str, Any]) -> Column:
    meta = {**entry.get("meta", {}), **entry.get("config", {}).get("meta", {})}
    return Column(
        name=entry["name"],
        description=" ".join((entry.get("description") or "").split()),
        is_reviewed=meta.get("personal_data") is False,
    )


def _outcome(result: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Outcome:
    unique_id = result["unique_id"]
    node = nodes.get(unique_id, {})
    relation = result.get("relation_name") or node.get("relation_name")
    return Outcome(
        unique_id=unique_id,
        kind=_kind(node) if node else unique_id.partition(".")[0],
        name=node.get("name", unique_id),
        path=node.get("original_file_path", ""),
        status=str(result["status"]),
        failures=result.get("failures"),
        message=result.get("message"),
        # Without the catalog: whoever opens the build file finds it as schema.table.
        failures_table=".".join(relation.replace('"', "").split(".")[1:]) if relation else None,
    )
