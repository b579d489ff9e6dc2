"""A request whose unit of work was undone for another's sake is done again, whole."""

from contextlib import ExitStack
from typing import Any

from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import deps
from app.api.problems import MAY_TRY_AGAIN
from app.core import conflicts
from app.core.logs import logger

TRIED_AGAIN = Counter("alongside_tried_again", "Requests done again after a deadlock", ["route"])


def is_one_unit(dependant: Any) -> bool:
    """Whether all that a route writes is in the one unit of work that it is given."""
    return any(one.call is deps.write_session or is_one_unit(one) for one in dependant.dependencies)


class Retry:
    """Runs a route up to `conflicts.TRIES` times. The request is kept and read anew; of a try that
    failed nothing has been answered, because the commit comes before the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        heard = _Heard(receive)
        tries = 1
        while True:
            scope[MAY_TRY_AGAIN] = tries < conflicts.TRIES
            try:
                with ExitStack() as stack:
                    if tries > 1:
                        stack.enter_context(conflicts.repeating())
                    await self.app(scope, heard.from_the_start(), send)
                return
            except Exception as error:
                if not (scope[MAY_TRY_AGAIN] and conflicts.is_conflict(error)):
                    raise
            route = getattr(scope.get("route"), "path", "other")
            logger.warning("undone by a deadlock, tried again", route=route, tries=tries)
            TRIED_AGAIN.labels(route).inc()
            await conflicts.pause(tries)
            tries += 1


class _Heard:
    """What came of a request, to be given again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []

    def from_the_start(self) -> Receive:
        """All that came so far, then what comes."""
        place = 0

        async def receive() -> Message:
            nonlocal place
            if place == len(self._messages):
                self._messages.append(await self._receive())
            place += 1
            return self._messages[place - 1]

        return receive
