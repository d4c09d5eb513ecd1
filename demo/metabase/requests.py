"""What a request asks for: a query written by hand or a saved one, for the API or to download."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from demo.metabase.errors import QueryError, Refusal
from demo.metabase.options import Options

Format = Literal["csv", "json"]


@dataclass(frozen=True)
class Question:
    """A query to run. `download` None is the API's own JSON."""

    native: Mapping[str, Any]
    parameters: Sequence[Mapping[str, Any]]
    json_query: Mapping[str, Any]
    context: str
    settings: Mapping[str, Any]
    download: Format | None = None
    format_rows: bool = False


def read_body(content_type: str, raw: bytes) -> dict[str, Any]:
    """Return the body, JSON or a form. Errors: Refusal 400 when it is neither."""
    if not raw:
        return {}
    if "form-urlencoded" in content_type:
        return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Refusal(400, {"message": "Malformed JSON in request body."}) from error
    if not isinstance(body, dict):
        raise Refusal(400, {"message": "Malformed JSON in request body."})
    return body


def ad_hoc(body: Mapping[str, Any], download: Format | None, options: Options) -> Question:
    """Read the body of `/api/dataset`. Errors: Refusal 400 without a database, 404 for another."""
    query = _structure(body.get("query", {}), "query") if download else body
    database = query.get("database")
    if not isinstance(database, int) or isinstance(database, bool) or database < 1:
        message = "value must be an integer greater than zero."
        raise Refusal(400, {"errors": {"database": message}})
    if database != options.database_id:
        raise Refusal(404, "Not found.")
    if query.get("type") != "native" or not isinstance(query.get("native"), dict):
        raise QueryError("This server runs native queries only.", "unsupported-feature")
    return Question(
        query["native"],
        _parameters(query.get("parameters")),
        query,
        "ad-hoc" if download is None else f"{download}-download",
        _structure(body.get("visualization_settings") or {}, "visualization_settings"),
        download,
        _format_rows(body, download, options),
    )


def of_card(
    card_id: int, body: Mapping[str, Any], download: Format | None, options: Options
) -> Question:
    """Read the body of `/api/card/:id/query`. Errors: Refusal 404 for a card that is not there."""
    card = options.cards.get(card_id)
    if card is None:
        raise Refusal(404, "Not found.")
    parameters = _parameters(body.get("parameters"))
    for parameter in parameters:
        match parameter.get("target"):
            case ["variable", ["template-tag", str(name)]] if name not in card.template_tags:
                raise QueryError(
                    f"Invalid parameter: Card {card_id} does not have a template tag named "
                    f'"{name}".',
                    "invalid-parameter",
                )
    query = {"database": options.database_id, "type": "native", "native": card.native}
    return Question(
        card.native,
        parameters,
        {**query, "parameters": parameters},
        "question" if download is None else f"{download}-download",
        card.settings,
        download,
        _format_rows(body, download, options),
    )


def _format_rows(body: Mapping[str, Any], download: Format | None, options: Options) -> bool:
    given = body.get("format_rows")
    if given is not None:
        return given is True or given == "true"
    if options.format_rows is not None:
        return options.format_rows
    return options.generation == 1 and download == "csv"


def _parameters(given: object) -> list[dict[str, Any]]:
    """Return the parameters; downloads of questions send them as JSON text."""
    try:
        value = json.loads(given) if isinstance(given, str) else given or []
    except ValueError:
        value = None
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Refusal(400, {"errors": {"parameters": "value must be an array of maps."}})
    return value


def _structure(given: object, name: str) -> dict[str, Any]:
    """Return a part of the body that old forms send as JSON text."""
    try:
        value = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Refusal(400, {"errors": {name: "value must be a map."}})
    return value
