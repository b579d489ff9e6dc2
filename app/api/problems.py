"""Every error leaves here as RFC 9457 problem+json, in words a person can use."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
import psycopg
import sqlalchemy.exc
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.api import methods
from app.community.errors import PostingLimitedError
from app.core import conflicts
from app.core.errors import (
    BusyError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    ProblemError,
    UnavailableError,
)
from app.core.logs import logger
from app.identity.errors import AccountSuspendedError, ResearchStandsApartError

MEDIA_TYPE = "application/problem+json"
#: In the scope of a request that can still be done again (`retry`): a deadlock is not answered.
MAY_TRY_AGAIN = "alongside.may_try_again"


class FieldProblem(BaseModel):
    """One field that can't be taken; `pointer` is a JSON Pointer into the request."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457, with `errors` where fields are at fault."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None
    errors: list[FieldProblem] | None = None
    retry_after_seconds: int | None = None


class MethodError(ProblemError):
    """The address is right, the verb is not."""

    type = "method-not-allowed"
    title = "That can't be done here"
    status = 405
    default_detail = "Please go back and try another way."


class InternalError(ProblemError):
    """A fault of ours; only the request id is shown, for whoever tells us of it."""

    type = "internal"
    title = "Something broke on our side"
    status = 500
    default_detail = (
        "We've made a note of it. What you were writing is still here. Please try again in a "
        "moment."
    )


def problems(*errors: type[ProblemError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may refuse in these ways."""
    found: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        known = found.setdefault(error.status, {"model": Problem, "description": ""})
        known["description"] = f"{known['description']} {error.title} (`{error.type}`).".strip()
    return found


def render(error: ProblemError, request_id: str | None) -> Response:
    """The problem as a response."""
    body = {
        "type": error.type,
        "title": error.title,
        "status": error.status,
        "detail": _with_number(error, request_id),
        "request_id": request_id,
        **error.extensions,
    }
    headers: dict[str, str] = {}
    if "retry_after_seconds" in error.extensions:
        headers["Retry-After"] = str(error.extensions["retry_after_seconds"])
    return Response(orjson.dumps(body), error.status, headers, media_type=MEDIA_TYPE)


def _with_number(error: ProblemError, request_id: str | None) -> str:
    if not isinstance(error, InternalError) or request_id is None:
        return error.detail
    return f"{error.detail} If you tell us about it, give us this number: {request_id}"


def _respond(request: Request, error: ProblemError) -> Response:
    return render(error, request.scope.get("request_id"))


async def _on_problem(request: Request, exc: Exception) -> Response:
    if not isinstance(exc, ProblemError):
        raise exc
    return _respond(request, exc)


async def _on_malformed(request: Request, exc: Exception) -> Response:
    if not isinstance(exc, RequestValidationError):
        raise exc
    errors = [
        {"pointer": _pointer(found["loc"], exc.body), "detail": _say(found)}
        for found in exc.errors()
    ]
    problem = InvalidError(errors[0]["detail"] if len(errors) == 1 else None)
    problem.extensions["errors"] = errors
    return _respond(request, problem)


def _pointer(loc: Sequence[int | str], body: Any) -> str:
    """Where in the request. Of an item that can be of several kinds Pydantic names the kind too,
    which is no place in what was sent."""
    value: Any = body if loc[0] == "body" else None
    places = []
    for part in loc[1:-1]:
        if isinstance(value, dict) and part not in value:
            continue
        places.append(part)
        is_there = isinstance(value, dict) or (isinstance(value, list) and isinstance(part, int))
        value = value[part] if is_there else None
    return "/" + "/".join(map(str, (*places, *loc[1:][-1:])))


_SAYINGS = {
    "missing": "Please fill this in.",
    "string_too_short": "This is a little too short.",
    "string_too_long": "This is too long. Please shorten it; nothing is lost.",
    "string_unicode": "This holds a character that can't be read. Please take it out.",
    "json_invalid": "The message was cut off on its way. Please send it again.",
    "bool_parsing": "Please answer yes or no.",
    "bool_type": "Please answer yes or no.",
    "int_type": "Please give a whole number.",
    "uuid_parsing": "That link is not right.",
    "enum": "Please choose one of the answers.",
    "literal_error": "Please choose one of the answers.",
    "extra_forbidden": "We don't know what to do with this.",
}


def _say(found: Any) -> str:
    kind = str(found["type"])
    if kind == "value_error":
        return str(found["msg"]).removeprefix("Value error, ")
    return _SAYINGS.get(kind, "Please check this one.")


async def _on_http(request: Request, exc: Exception) -> Response:
    if not isinstance(exc, HTTPException):
        raise exc
    if exc.status_code == 404:
        return _respond(request, NotFoundError())
    if exc.status_code == 405:
        return _refuse_method(request, exc)
    return _respond(request, InvalidError() if exc.status_code < 500 else InternalError())


def _refuse_method(request: Request, exc: HTTPException) -> Response:
    """With what can be done there instead (RFC 9110, 15.5.6). One route knows its own methods
    alone, and an address has several."""
    known = methods.of(request.app.routes, request.scope["path"])
    response = _respond(request, MethodError())
    response.headers["Allow"] = ", ".join(known) or (exc.headers or {}).get("Allow", "")
    return response


async def _on_bad_data(request: Request, exc: Exception) -> Response:
    """A character the database can't hold (NUL), or a number out of its range."""
    logger.warning("refused by the database", error=type(exc).__name__)
    return _respond(request, InvalidError())


#: By what the database said (PostgreSQL, appendix A): a line for the log, words for the person.
_TOOK_TOO_LONG = (
    "This took longer than it may, because others were at the same thing. What you were writing is "
    "still here. Please try again in a moment."
)


async def _on_database(request: Request, exc: Exception) -> Response:
    """What the database could not do: say what happened, for a busy one is not away."""
    origin = conflicts.origin_of(exc)
    if conflicts.is_conflict(exc):
        if request.scope.get(MAY_TRY_AGAIN):
            raise exc
        logger.error("undone by a deadlock", error=type(origin).__name__)
        return _respond(request, BusyError(retry_after_seconds=5))
    if isinstance(origin, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
        logger.error("a statement took too long", error=type(origin).__name__)
        return _respond(request, BusyError(_TOOK_TOO_LONG, retry_after_seconds=5))
    said = str(exc).splitlines()[0] if str(exc) else ""
    if isinstance(origin, PoolTimeout | sqlalchemy.exc.TimeoutError):
        logger.error("no connection to the database came free", error=said)
    else:
        code = origin.sqlstate if isinstance(origin, psycopg.Error) else None
        logger.error("the database is away", error=said, code=code)
    return _respond(request, UnavailableError(retry_after_seconds=5))


async def _on_broken_rule(request: Request, exc: Exception) -> Response:
    """A rule that the database holds: the role was given in the same moment, or a moderator decided
    that the member does not write."""
    origin = exc.orig if isinstance(exc, sqlalchemy.exc.IntegrityError) else exc
    if isinstance(origin, psycopg.Error) and (
        rule := _RULES.get(origin.diag.constraint_name or "")
    ):
        return _respond(request, rule())
    raise exc


#: Rules that hold in the database, by the name that it gives them.
_RULES: dict[str, type[ForbiddenError]] = {
    "research_stands_apart": ResearchStandsApartError,
    "account_is_suspended": AccountSuspendedError,
    "posting_is_limited": PostingLimitedError,
}


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    ProblemError: _on_problem,
    RequestValidationError: _on_malformed,
    HTTPException: _on_http,
    psycopg.errors.CheckViolation: _on_broken_rule,
    sqlalchemy.exc.IntegrityError: _on_broken_rule,
    psycopg.DataError: _on_bad_data,
    sqlalchemy.exc.DataError: _on_bad_data,
    psycopg.OperationalError: _on_database,
    PoolTimeout: _on_database,
    sqlalchemy.exc.OperationalError: _on_database,
    sqlalchemy.exc.TimeoutError: _on_database,
    sqlalchemy.exc.InterfaceError: _on_database,
    ConnectionRefusedError: _on_database,
}


def install(app: FastAPI) -> None:
    """Let the application answer all errors in this shape; the gate does so for those of ours."""
    for error, handler in HANDLERS.items():
        app.add_exception_handler(error, handler)
