"""What /openapi.json says beyond what the routes declare one by one.

Every refusal is problem+json. Which of them a route may answer follows from who may ask (its
dependencies) and how (its method), so it is worked out here and can't be forgotten there.
"""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.api import deps
from app.api.problems import MEDIA_TYPE, problems
from app.api.security import SAFE_METHODS, CrossSiteError
from app.core.errors import ForbiddenError, ProblemError, TooLargeError
from app.identity.errors import (
    AccountSuspendedError,
    NotVerifiedError,
    ResearchStandsApartError,
    SecondFactorRequiredError,
)

_OF_DEPENDENCY: Final[dict[Any, tuple[type[ProblemError], ...]]] = {
    deps.confirmed: (NotVerifiedError,),
    deps.member: (ResearchStandsApartError, AccountSuspendedError),
}
_REFERENCE: Final = {"$ref": "#/components/schemas/Problem"}


def describe(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        for route in app.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                for method in route.methods or ():
                    _amend(made["paths"][route.path_format][method.lower()], route, method)
        app.openapi_schema = made
    return app.openapi_schema


def _amend(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    answers = operation["responses"]
    for status, answer in problems(*_refusals(route, method)).items():
        known = answers.setdefault(str(status), {"description": ""})
        said = [known["description"], *answer["description"].split(". ")]
        more = [one for one in said[1:] if one.rstrip(".") not in said[0]]
        known["description"] = " ".join([said[0], ". ".join(more)]).strip()
    for status, answer in answers.items():
        if status >= "400":
            answer["content"] = {MEDIA_TYPE: {"schema": _REFERENCE}}
    operation["responses"] = dict(sorted(answers.items()))


def _refusals(route: APIRoute, method: str) -> list[type[ProblemError]]:
    found: list[type[ProblemError]] = []
    for dependency in _all(route.dependant):
        found += _OF_DEPENDENCY.get(dependency, ())
        if isinstance(dependency, deps.Needs):
            found += (ForbiddenError, SecondFactorRequiredError)
    if method not in SAFE_METHODS:
        found.append(CrossSiteError)
    if route.body_field is not None:
        found.append(TooLargeError)
    return list(dict.fromkeys(found))


def _all(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _all(one)
