"""The demo server's schema takes from Shopify's, and adds nothing."""

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    is_required_argument,
    is_specified_scalar_type,
    validate_schema,
)
from shopify_shared import published_schema

from demo.shopify.api.schema import admin_schema, missing_types

OWN = admin_schema()
TYPES = sorted(
    name
    for name, kind in OWN.type_map.items()
    if not name.startswith("__") and not is_specified_scalar_type(kind)
)


def test_the_schema_is_sound_and_not_small() -> None:
    assert validate_schema(OWN) == []
    assert len(TYPES) > 100


@pytest.mark.parametrize("name", TYPES)
def test_every_type_is_a_part_of_the_published_one(name: str) -> None:
    own, published = OWN.type_map[name], published_schema().type_map.get(name)
    assert published is not None, f"{name} is not Shopify's"
    assert type(own) is type(published)
    if isinstance(own, GraphQLEnumType) and isinstance(published, GraphQLEnumType):
        assert own.values.keys() <= published.values.keys()
        for value, held in own.values.items():
            assert held.deprecation_reason == published.values[value].deprecation_reason
    if isinstance(own, GraphQLObjectType | GraphQLInterfaceType):
        _check_fields(own, published)


def _check_fields(
    own: GraphQLObjectType | GraphQLInterfaceType, published: GraphQLNamedType
) -> None:
    assert isinstance(published, GraphQLObjectType | GraphQLInterfaceType)
    assert {one.name for one in own.interfaces} <= {one.name for one in published.interfaces}
    for name, field in own.fields.items():
        assert name in published.fields, f"{own.name}.{name} is not Shopify's"
        theirs = published.fields[name]
        assert str(field.type) == str(theirs.type), f"{own.name}.{name}"
        assert field.deprecation_reason == theirs.deprecation_reason
        for argument, held in field.args.items():
            assert argument in theirs.args, f"{own.name}.{name}({argument}:)"
            assert str(held.type) == str(theirs.args[argument].type)
            assert held.default_value == theirs.args[argument].default_value
        missing = theirs.args.keys() - field.args.keys()
        assert not [one for one in missing if is_required_argument(theirs.args[one])]


def test_scopes_are_asked_of_types_that_exist() -> None:
    assert missing_types(()).keys() <= OWN.type_map.keys()
    assert missing_types(("read_orders",)).keys() >= {"Return", "Customer"}
