"""Template tags become bound values, numbers or nothing, as in Metabase."""

from datetime import date
from typing import Any

import pytest

from demo.metabase.errors import QueryError
from demo.metabase.parameters import Compiled, compile_native


def _tag(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {name: {"id": f"id-{name}", "name": name, "type": kind, **more}}


def _given(name: str, value: Any) -> dict[str, Any]:
    return {"type": "text", "value": value, "target": ["variable", ["template-tag", name]]}


def _compile(query: str, tags: dict[str, Any], *parameters: dict[str, Any]) -> Compiled:
    return compile_native({"query": query, "template-tags": tags}, parameters)


def test_texts_and_dates_are_bound_and_numbers_are_written() -> None:
    tags = {**_tag("a", "text"), **_tag("b", "number"), **_tag("c", "date")}
    compiled = _compile(
        "{{a}} {{ b }} {{c}} {{a}}",
        tags,
        _given("a", "it's"),
        _given("b", "12"),
        _given("c", "2026-01-31"),
    )
    assert compiled == Compiled("? 12 ? ?", ("it's", date(2026, 1, 31), "it's"))
    assert compiled.as_json()["params"] == ["it's", "2026-01-31", "it's"]


def test_a_tag_can_be_aimed_at_by_its_id() -> None:
    target = ["variable", ["template-tag", {"id": "id-a"}]]
    assert _compile("{{a}}", _tag("a", "text"), {"value": "x", "target": target}).values == ("x",)


def test_an_optional_part_without_a_value_vanishes() -> None:
    query = "select 1 [[where a = {{a}} [[and b = {{b}}]]]] end"
    tags = {**_tag("a", "text"), **_tag("b", "number")}
    assert _compile(query, tags) == Compiled("select 1  end", ())
    assert _compile(query, tags, _given("a", "x")) == Compiled("select 1 where a = ?  end", ("x",))
    both = _compile(query, tags, _given("a", "x"), _given("b", 2))
    assert both == Compiled("select 1 where a = ? and b = 2 end", ("x",))


def test_a_default_counts_unless_a_value_is_given() -> None:
    tags = _tag("a", "number", default="5")
    assert _compile("{{a}}", tags).sql == "5"
    assert _compile("{{a}}", tags, _given("a", [7])).sql == "7"


@pytest.mark.parametrize(
    ("query", "tags", "parameters", "kind"),
    [
        ("{{a}}", _tag("a", "text"), [], "missing-required-parameter"),
        ("{{b}}", _tag("a", "text"), [_given("a", "x")], "missing-required-parameter"),
        ("[[{{a}}]]", _tag("a", "text", required=True), [], "missing-required-parameter"),
        ("{{a}}", _tag("a", "number"), [_given("a", "1; drop")], "invalid-parameter"),
        ("{{a}}", _tag("a", "date"), [_given("a", "soon")], "invalid-parameter"),
        ("{{a}}", _tag("a", "dimension"), [_given("a", "x")], "invalid-parameter"),
        ("{{a}}", _tag("a", "text"), [_given("a", "x"), _given("a", "y")], "invalid-parameter"),
        ("[[ {{a}}", _tag("a", "text"), [], "invalid-query"),
        ("a ]] b", {}, [], "invalid-query"),
        (" ", {}, [], "invalid-query"),
    ],
)
def test_what_can_not_be_put_in_is_an_error(
    query: str, tags: dict[str, Any], parameters: list[dict[str, Any]], kind: str
) -> None:
    with pytest.raises(QueryError) as found:
        _compile(query, tags, *parameters)
    assert found.value.kind == kind
