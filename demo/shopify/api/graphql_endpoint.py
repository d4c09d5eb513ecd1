"""Answers one GraphQL request: parse, validate, price, pay, execute."""

import json
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    validate,
)
from graphql import execute as run
from graphql.execution.values import get_variable_values

from demo.shopify.api.cost import Bucket, Cost, CostAnalysis
from demo.shopify.api.errors import MAX_COST, max_cost_exceeded, throttled
from demo.shopify.api.projection import DataExecution
from demo.shopify.api.request import Request
from demo.shopify.api.resolvers import bind
from demo.shopify.api.schema import admin_schema, missing_types

Answer = dict[str, Any]

_KEPT_DOCUMENTS = 64
_UNDEFINED_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")


@dataclass
class GraphQLEndpoint:
    """The endpoint of one server. `cost_factor` is how much dearer than usual everything is."""

    bucket: Bucket
    cost_factor: int = 1

    def __post_init__(self) -> None:
        self.schema: GraphQLSchema = admin_schema()
        bind(self.schema)
        self._documents: OrderedDict[str, DocumentNode | list[GraphQLError]] = OrderedDict()

    def answer(self, body: bytes, request: Request) -> Answer:
        """Return the JSON of a response; every answer to a well-formed request is HTTP 200."""
        try:
            asked = json.loads(body)
            query = asked["query"]
        except (ValueError, KeyError, TypeError):
            return {"errors": {"query": "Required parameter missing or invalid"}}
        if not isinstance(query, str):
            return {"errors": {"query": "Required parameter missing or invalid"}}
        document = self._document(query)
        if isinstance(document, list):
            return {"errors": [_formatted(error) for error in document]}
        operation = get_operation_ast(document, asked.get("operationName"))
        if operation is None:
            return {"errors": [{"message": "An operation name is required"}]}
        return self._execute(document, operation, asked.get("variables") or {}, request)

    def _execute(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        request: Request,
    ) -> Answer:
        coerced = get_variable_values(self.schema, tuple(operation.variable_definitions), variables)
        if isinstance(coerced, list):
            return {"errors": [_formatted(error) for error in coerced]}
        analysis = CostAnalysis(
            self.schema, document, operation, coerced, missing_types(request.scopes)
        )
        try:
            cost = analysis.cost()
        except GraphQLError as error:
            answer: Answer = {"errors": [_formatted(error)]}
            if error.extensions and error.extensions.get("code") == "ACCESS_DENIED":
                answer = {"data": None, **answer}
            return answer
        requested = cost.requested * self.cost_factor
        if requested > MAX_COST:
            return {"errors": [max_cost_exceeded(requested, MAX_COST)]}
        if requested > self.bucket.available:
            return {
                "errors": [throttled()],
                "extensions": {"cost": self._cost(requested, None)},
            }
        return self._paid(document, operation, variables, request, cost)

    def _paid(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        request: Request,
        cost: Cost,
    ) -> Answer:
        result = run(
            self.schema,
            document,
            context_value=request,
            variable_values=variables,
            operation_name=operation.name.value if operation.name else None,
            execution_context_class=DataExecution,
        )
        assert not hasattr(result, "__await__")
        data, errors = result.data, result.errors
        requested = cost.requested * self.cost_factor
        actual = min(requested, cost.actual(data) * self.cost_factor if data is not None else 0)
        self.bucket.take(requested, actual)
        answer: Answer = {"data": data}
        if errors:
            answer["errors"] = [_formatted(error) for error in errors]
        answer["extensions"] = {"cost": self._cost(requested, actual)}
        if request.search_warnings:
            answer["extensions"]["search"] = request.search_warnings
        return answer

    def _cost(self, requested: int, actual: int | None) -> Answer:
        return {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": self.bucket.status(),
        }

    def _document(self, query: str) -> DocumentNode | list[GraphQLError]:
        kept = self._documents.get(query)
        if kept is None:
            try:
                kept = parse(query)
                kept = validate(self.schema, kept) or kept
            except GraphQLError as error:
                kept = [error]
            self._documents[query] = kept
            if len(self._documents) > _KEPT_DOCUMENTS:
                self._documents.popitem(last=False)
        return kept


def _formatted(error: GraphQLError) -> Answer:
    """Return an error in the words and the shape of the API."""
    formatted: Answer = dict(error.formatted)
    undefined = _UNDEFINED_FIELD.match(error.message)
    if undefined:
        field, kind = undefined.groups()
        formatted["message"] = f"Field '{field}' doesn't exist on type '{kind}'"
        formatted["extensions"] = {"code": "undefinedField", "typeName": kind, "fieldName": field}
    return formatted
