"""What can go wrong, as RFC 9457 problems. A person reads the title and then the detail: say what
happened in the one, and that nothing is lost and what to do next in the other."""

import math
from typing import Any, ClassVar


class ProblemError(Exception):
    """An expected refusal. Raised anywhere, rendered by `app.api.problems` in one shape."""

    type: ClassVar[str] = "problem"
    title: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 400
    default_detail: ClassVar[str] = "Please try again."

    def __init__(self, detail: str | None = None, **extensions: Any) -> None:
        self.detail = detail or self.default_detail
        self.extensions = extensions
        super().__init__(self.detail)

    @property
    def words(self) -> str:
        """What happened and what to do, where there is no page to part them."""
        return f"{self.title}. {self.detail}"


class InvalidError(ProblemError):
    """The request was understood and what it holds can't be taken. `pointer` names the field."""

    type = "invalid"
    title = "That can't be used as it is"
    status = 422
    default_detail = "Please check what you entered. Nothing is lost."

    def __init__(self, detail: str | None = None, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        if pointer is not None:
            # Beside its field the page shows this alone, so it says what happened as well.
            own = self.detail if self.title == InvalidError.title else self.words
            self.extensions["errors"] = [{"pointer": pointer, "detail": own}]


class NotSignedInError(ProblemError):
    """There is no sign-in, or it has ended."""

    type = "not-signed-in"
    title = "You're not signed in"
    status = 401
    default_detail = "Please sign in to go on. What you were writing is still here."


class ForbiddenError(ProblemError):
    """You may see this, but not do it; the detail says why."""

    type = "forbidden"
    title = "This isn't open to you"
    status = 403
    default_detail = "Your account can't do this. You can go back to where you were."


class NotFoundError(ProblemError):
    """It isn't there, or you may not know of it: the same answer."""

    type = "not-found"
    title = "We can't find that"
    status = 404
    default_detail = "It may have been deleted, or the link may be wrong."


class ConflictError(ProblemError):
    """The world has moved on since you looked."""

    type = "conflict"
    title = "Something changed in the meantime"
    status = 409
    default_detail = "Please look again, then try once more. Nothing you wrote is lost."


class TooLargeError(ProblemError):
    """The request is larger than we take."""

    type = "too-large"
    title = "That is too much at once"
    status = 413
    default_detail = "Please make it shorter and try again."


class TooManyError(ProblemError):
    """Too often in a short time. `retry_after_seconds` says when to come back."""

    type = "too-many"
    title = "A little too fast"
    status = 429
    default_detail = "Please wait a little and try again. Nothing you wrote is lost."

    def __init__(self, detail: str | None = None, *, retry_after_seconds: int) -> None:
        if detail is None and type(self).default_detail is TooManyError.default_detail:
            wait = _how_long(retry_after_seconds)
            detail = f"Please wait {wait} and try again. Nothing you wrote is lost."
        super().__init__(detail, retry_after_seconds=retry_after_seconds)


def _how_long(seconds: int) -> str:
    """A wait as one would say it, never shorter than it is."""
    minutes = math.ceil(seconds / 60)
    if seconds <= 10:
        return "a moment"
    if minutes == 1:
        return "a minute"
    return f"{minutes} minutes" if minutes <= 50 else "an hour"


class UnavailableError(ProblemError):
    """A part we lean on is away, most often the database."""

    type = "unavailable"
    title = "We can't reach our own records just now"
    status = 503
    default_detail = "Please try again in a minute. What you were writing is still here."


class BusyError(ProblemError):
    """The database is there, and this did not get its turn in it."""

    type = "busy"
    title = "Too much is going on just now"
    status = 503
    default_detail = (
        "Several people changed the same thing at that moment, and this change did not go through. "
        "What you were writing is still here. Please send it again."
    )


class PostgresError(Exception):
    """What goes wrong between this machine and a PostgreSQL, in one sentence that says what to do:
    for the person at the keyboard, who reads it as it is, without a traceback."""


class NewerDatabaseError(PostgresError):
    """The database was made by a newer Alongside than this one."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database was last used by a newer version of Alongside (it is at {revision}). "
            "Run that version, or restore a backup from before it."
        )
