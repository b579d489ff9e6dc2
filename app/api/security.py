"""Which unsafe requests may pass: those of our own pages, and those of no page at all."""

from collections.abc import Mapping

from app.core.errors import ForbiddenError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSiteError(ForbiddenError):
    """Another site tried to act in the member's name."""

    type = "cross-site"
    title = "That came from another site"
    default_detail = "For your safety we only take this from our own pages. Please try again there."


def is_own_origin(origin: str, host: str, allowed: frozenset[str]) -> bool:
    """Whether an Origin header names us: the public address, or the very host asked."""
    return origin in allowed or origin in {f"https://{host}", f"http://{host}"}


def may_act(method: str, headers: Mapping[str, str], allowed: frozenset[str]) -> bool:
    """Whether a request may change something (Fetch Metadata; Origin where that is absent).

    Cross-site pages can't leave both headers out, so a request with neither comes from a
    program that holds the cookie itself.
    """
    if method in SAFE_METHODS:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or is_own_origin(origin, headers.get("host", ""), allowed)
