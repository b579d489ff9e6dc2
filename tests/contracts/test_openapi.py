"""The description of the API: every request has limits, and every answer it gives is described."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.api import deps
from app.api.router import routes
from app.api.schemas.activities import ReadAct
from app.api.schemas.releases import AgreementWrite
from app.api.schemas.studies import WithdrawalWrite
from app.main import create_app
from tests.support.settings import settings_for

Json = dict[str, Any]

DESCRIPTION: Json = create_app(settings_for("postgresql://nowhere/none")).openapi()
SCHEMAS: Json = DESCRIPTION["components"]["schemas"]
METHODS = ("get", "put", "post", "patch", "delete")
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
    if method in METHODS
}
#: Formats whose length is their own.
BOUNDED_FORMATS = {"uuid", "date", "date-time", "time"}


def requests(operation: Json) -> Iterator[tuple[str, Json]]:
    """Every schema that a request is held against, by where it stands."""
    for parameter in operation.get("parameters", ()):
        yield f"{parameter['in']} {parameter['name']}", parameter["schema"]
    for media in operation.get("requestBody", {}).get("content", {}).values():
        yield "body", media["schema"]


def leaves(where: str, schema: Json, seen: frozenset[str] = frozenset()) -> Iterator[Any]:
    """Every schema in it that is not put together from others."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from leaves(where, SCHEMAS[name], seen | {name})
        return
    yield where, schema
    for kind in ("anyOf", "allOf", "oneOf"):
        for one in schema.get(kind, ()):
            yield from leaves(where, one, seen)
    for name, one in schema.get("properties", {}).items():
        yield from leaves(f"{where}/{name}", one, seen)
    if "items" in schema:
        yield from leaves(f"{where}/[]", schema["items"], seen)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from leaves(f"{where}/*", schema["additionalProperties"], seen)


def unbounded(schema: Json) -> bool:
    """Whether something of any size fits."""
    is_named = "enum" in schema or "const" in schema
    match schema.get("type"):
        case "string":
            is_short = "maxLength" in schema or schema.get("format") in BOUNDED_FORMATS
            return not is_named and not is_short
        case "array":
            return "maxItems" not in schema
        case "integer" | "number":
            return not is_named and not {"maximum", "exclusiveMaximum"} & set(schema)
        case "object":
            takes_more = schema.get("additionalProperties", False) is not False
            return takes_more and "maxProperties" not in schema
        case "boolean" | "null":
            return False
        case _:
            return not schema.keys() & {"anyOf", "allOf", "oneOf"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_everything_in_a_request_has_a_limit(name: str) -> None:
    without = [
        where
        for place, schema in requests(OPERATIONS[name])
        for where, leaf in leaves(place, schema)
        if unbounded(leaf)
    ]
    assert without == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_refusal_is_described_as_problem_json(name: str) -> None:
    for status, answer in OPERATIONS[name]["responses"].items():
        if status >= "400":
            problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
            assert answer["content"] == {"application/problem+json": problem}, status
            assert answer["description"], status


def needs(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from needs(one)


ROUTES = [one for one in routes() if isinstance(one, APIRoute) and one.include_in_schema]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_what_may_be_forbidden_says_so(route: APIRoute) -> None:
    """Whoever asks from another site, has not confirmed their address, or lacks the permission."""
    for method in route.methods or ():
        operation = OPERATIONS[f"{method} {route.path_format}"]
        asked = list(needs(route.dependant))
        said = operation["responses"].get("403", {"description": ""})["description"]
        if deps.confirmed in asked:
            assert "`address-not-verified`" in said
        if any(isinstance(one, deps.Needs) for one in asked):
            assert "`forbidden`" in said
            assert "`second-factor-required`" in said
        if method != "GET":
            assert "`cross-site`" in said
        if "requestBody" in operation:
            assert "413" in operation["responses"]


def lax(schema: object, where: str = "") -> Iterator[str]:
    """Every place of a core schema at which something else is taken for a yes or a number."""
    if isinstance(schema, dict):
        kind = str(schema.get("type"))  # of a model's fields it may be one itself
        if kind in {"function-before", "function-plain"}:
            return  # says itself what it takes: tested below
        if kind in LAX_KINDS and not schema.get("strict"):
            yield f"{where}: {kind}"
        for name, one in schema.items():
            if name not in {"metadata", "serialization", "ref", "schema_ref"}:
                yield from lax(one, f"{where}/{name}")
    elif isinstance(schema, list | tuple):
        for one in schema:
            yield from lax(one, where)


LAX_KINDS = {"bool", "int", "float", "decimal", "date", "time", "datetime", "timedelta"}


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.body_field is not None], ids=lambda route: route.name
)
def test_nothing_in_a_request_is_taken_for_something_else(route: APIRoute) -> None:
    assert route.body_field is not None
    asked = TypeAdapter[Any](route.body_field.field_info.annotation or Any).core_schema
    assert list(lax(asked)) == []


@pytest.mark.parametrize(
    ("model", "field", "right", "wrong"),
    [
        (WithdrawalWrite, {}, {"erase": True}, [0, 1, "yes", "off", "true", None, [], 1.0]),
        (ReadAct, {"type": "read"}, {"seconds": 5}, ["5", False, True, 5.0, None]),
        (
            AgreementWrite,
            {"recipient": "The office", "aim": "To find out more."},
            {"ends_on": "2027-03-31"},
            [0, 1_800_000_000, "1800000000", "2027-03-31T00:00:00", "31.3.2027", True, None],
        ),
    ],
)
def test_what_could_be_taken_for_it_is_refused(
    model: type[BaseModel], field: Json, right: Json, wrong: list[object]
) -> None:
    model.model_validate({**field, **right})
    (name,) = right
    for value in wrong:
        with pytest.raises(ValidationError):
            model.model_validate({**field, name: value})
