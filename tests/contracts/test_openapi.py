"""The description of the API: every request has limits, and every answer it gives is described."""

from collections.abc import Iterator
from typing import Any

import pytest

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
BOUNDED_FORMATS = {"uuid", "date", "date-time"}


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
