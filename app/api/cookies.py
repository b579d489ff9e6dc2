"""The two cookies: of a sign-in, and by which an account knows a browser again."""

from typing import Final

from fastapi import Response

from app.core.settings import Settings

#: As long as browsers keep any cookie: when a sign-in ends is for the server to say.
SECONDS: Final = 400 * 24 * 3600


def set_(response: Response, settings: Settings, name: str, token: str) -> None:
    """Give the browser a token that no script can read."""
    response.set_cookie(
        name,
        token,
        max_age=SECONDS,
        path="/",
        secure=settings.server.is_https,
        httponly=True,
        samesite="lax",
    )


def know(response: Response, settings: Settings, token: str) -> None:
    """Let the account know this browser again. It signs nobody in."""
    set_(response, settings, settings.server.known_cookie_name, token)


def forget(response: Response, settings: Settings) -> None:
    """Take the cookie of a sign-in back; the browser stays known."""
    response.delete_cookie(
        settings.server.cookie_name,
        path="/",
        secure=settings.server.is_https,
        httponly=True,
        samesite="lax",
    )
