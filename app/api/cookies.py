"""The two cookies: of a sign-in, and by which an account knows a browser again."""

from typing import Final

from fastapi import Response

from app.core.settings import Settings
from app.identity.sessions import KNOWN_LASTS

#: As long as browsers keep any cookie: when a sign-in ends is for the server to say.
SECONDS: Final = 400 * 24 * 3600


def keep_signed_in(response: Response, settings: Settings, token: str) -> None:
    """Give the browser the token of its sign-in."""
    _set(response, settings, settings.server.cookie_name, token, seconds=SECONDS)


def know(response: Response, settings: Settings, token: str) -> None:
    """Let the account know this browser again. It signs nobody in."""
    seconds = round(KNOWN_LASTS.total_seconds())
    _set(response, settings, settings.server.known_cookie_name, token, seconds=seconds)


def _set(response: Response, settings: Settings, name: str, token: str, *, seconds: int) -> None:
    """A cookie that no script can read."""
    response.set_cookie(
        name,
        token,
        max_age=seconds,
        path="/",
        secure=settings.server.is_https,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, settings: Settings) -> None:
    """Take the cookie of a sign-in back; the browser stays known."""
    response.delete_cookie(
        settings.server.cookie_name,
        path="/",
        secure=settings.server.is_https,
        httponly=True,
        samesite="lax",
    )
