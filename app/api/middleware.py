"""One layer around every request: its id, its size, where it came from, how long it took."""

import re
import time
from collections.abc import MutableMapping
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from app.api import problems, security
from app.core.errors import ProblemError, TooLargeError
from app.core.ids import new_id
from app.core.logs import logger
from app.core.settings import ServerSettings

REQUESTS = Counter("alongside_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram("alongside_request_seconds", "Time to answer", ["route"])
SLOW_SECONDS = 1.0

_REQUEST_ID = re.compile(rb"[A-Za-z0-9-]{8,64}")

#: Of every answer that is no page and no file of the site: it is one person's, to be kept nowhere,
#: shown in no frame, and run as nothing.
_API_HEADERS = [
    (b"cache-control", b"private, no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
]
#: A year of https alone (RFC 6797), where the public address has it. Other hosts of the domain are
#: not ours to decide about.
_HTTPS = (b"strict-transport-security", b"max-age=31536000")


class RequestLimits:
    """Lets in what is ours and of a decent size, and tells metrics and log how it went.

    Successful reads are counted but not logged: what someone reads is nobody's business.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self.app = app
        self.limit = settings.max_body_bytes
        self.origins = frozenset({settings.origin, *settings.extra_origins})
        self.always = [_HTTPS] if settings.is_https else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        request_id = _request_id(headers)
        scope["request_id"] = request_id
        is_head = scope["method"] == "HEAD"
        if is_head:  # whatever answers GET answers HEAD, with the same head (RFC 9110, 9.3.2)
            scope = {**scope, "method": "GET"}
        exchange = _Exchange(scope, receive, send, self, is_head=is_head)
        with bound_contextvars(request_id=request_id):
            try:
                self._check(scope, headers)
                await self.app(scope, exchange.receive, exchange.send)
                if exchange.is_too_large:
                    raise TooLargeError
            except ProblemError as error:
                await exchange.answer(error)
            except Exception as error:
                # Here and no further out: the line in the log has the id that the person is shown.
                logger.error("unexpected error", exc_info=error, path=scope["path"])
                if exchange.has_begun:
                    raise
                await exchange.answer(problems.InternalError())
            finally:
                exchange.report()

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        if not security.may_act(scope["method"], headers, self.origins):
            raise security.CrossSiteError
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.limit:
            raise TooLargeError


class _Exchange:
    """One request and its answer, as they pass through."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, gate: RequestLimits, *, is_head: bool
    ) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send
        self._left = gate.limit
        self._always = gate.always
        self._is_head = is_head
        self._started = time.perf_counter()
        self.status = 0
        self.is_too_large = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.is_too_large = True
            raise TooLargeError
        return message

    @property
    def has_begun(self) -> bool:
        """Whether some of an answer has left."""
        return self.status != 0

    async def answer(self, error: ProblemError) -> None:
        """The problem, unless another answer has begun."""
        if not self.has_begun:
            self.is_too_large = False
            response = problems.render(error, self.scope["request_id"])
            await response(self.scope, self._receive, self.send)

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if self.is_too_large and not self.has_begun:
            return  # whatever was made of a body that was cut off is not the answer
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = message["headers"]
            is_site = any(name == b"cache-control" for name, _ in given)
            added = [] if is_site else _API_HEADERS
            identity = (b"x-request-id", self.scope["request_id"].encode())
            message["headers"] = [*given, *added, *self._always, identity]
        elif self._is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def report(self) -> None:
        seconds = time.perf_counter() - self._started
        route = getattr(self.scope.get("route"), "path", "other")
        method = self.scope["method"]
        REQUESTS.labels(route, method, self.status).inc()
        SECONDS.labels(route).observe(seconds)
        is_quiet = method in security.SAFE_METHODS and 0 < self.status < 400
        if not is_quiet or seconds > SLOW_SECONDS:
            logger.info(
                "request",
                method=method,
                route=route,
                status=self.status,
                milliseconds=round(seconds * 1000, 1),
            )


def _request_id(headers: dict[str, str]) -> str:
    given = headers.get("x-request-id", "").encode("latin-1")
    return given.decode() if _REQUEST_ID.fullmatch(given) else str(new_id())
