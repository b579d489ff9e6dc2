"""The built front end: its files from memory, every other address the application's page.

Everything is read when the server starts, so a build that is replaced under a running server can't
hand out half of each. Pages carry a content security policy with the hashes of exactly the inline
scripts they hold (SvelteKit's bootstrap); nothing else may run, and nothing may be asked elsewhere.
"""

import base64
import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.api import methods

BUILD = Path(__file__).resolve().parents[2] / "frontend" / "build"
SHELL = "app"
ANY = "_"

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_COMPRESSED = tuple(suffix for _, suffix in _ENCODINGS)
_OTHERS = ("api/", "health/", "metrics", "openapi.json", "_app/")

#: By the ending alone; the machine's own list of types must not change what is served.
_TYPES = mimetypes.MimeTypes()

_SECURITY = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

_NOT_BUILT = (
    "<!doctype html><html lang=en-GB><title>Alongside</title><h1>The pages are not built yet</h1>"
    "<p>The server runs, but <code>frontend/build</code> is missing. <code>make run</code> builds "
    "it.</p><p>If you need someone now: Samaritans 116 123, Shout (text SHOUT to 85258), "
    "NHS 111 option 2, or 999.</p></html>"
)


def policy(page: bytes) -> str:
    """The content security policy of one page."""
    hashes = sorted(
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in set(_INLINE_SCRIPT.findall(page))
    )
    directives = {
        "default-src": "'none'",
        "base-uri": "'none'",
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        # An edition of a report beside its figures: the one answer of ours that may be framed,
        # and it is served without scripts and apart from all else (`edition_responses`).
        "frame-src": "'self'",
        "img-src": "'self'",
        "manifest-src": "'self'",
        "script-src": " ".join(["'self'", *hashes]),
        "style-src": "'self'",
        # SvelteKit hides its announcer of page changes with a style attribute. Members' text
        # never holds one: the cleaner takes every attribute out but a link's.
        "style-src-attr": "'unsafe-inline'",
        "worker-src": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


@dataclass(frozen=True)
class _File:
    headers: dict[str, str]
    bodies: dict[str, bytes] = field(repr=False)

    def response(self, accepted: str) -> Response:
        for encoding, _ in _ENCODINGS:
            if encoding in accepted and encoding in self.bodies:
                headers = {**self.headers, "Content-Encoding": encoding}
                return Response(self.bodies[encoding], headers=headers)
        return Response(self.bodies["identity"], headers=self.headers)


class Site:
    """An ASGI application, to be mounted last, at the root."""

    def __init__(self, build: Path = BUILD) -> None:
        self._files = _files_in(build)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        if methods.of(scope["app"].routes, scope["path"]):
            raise HTTPException(405)  # the API knows this address, and not by this method
        if scope["method"] not in {"GET", "HEAD"}:
            if scope["path"].strip("/").startswith(_OTHERS):
                raise HTTPException(404)
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        accepted = Headers(scope=scope).get("accept-encoding", "")
        await self._find(scope["path"].strip("/")).response(accepted)(scope, receive, send)

    def _find(self, path: str) -> _File:
        found = self._files.get(path)
        if found is not None:
            return found
        if path.startswith(_OTHERS) or "." in path.rpartition("/")[2]:
            raise HTTPException(404)
        return self._one_of_a_kind(path) or _page(_NOT_BUILT.encode(), {})

    def _one_of_a_kind(self, path: str) -> _File | None:
        """The page of any thread is built as `threads/_`; an address of no kind gets the shell."""
        parts = path.split("/")
        kinds = ("/".join([*parts[:at], ANY, *parts[at + 1 :]]) for at in range(len(parts)))
        return next(filter(None, map(self._files.get, [*kinds, SHELL])), None)


@cache
def _files_in(build: Path) -> dict[str, _File]:
    """Once a process: reading costs 50 ms, and tests make an application each."""
    return {
        _address(path.relative_to(build)): _read(path, build)
        for path in sorted(build.rglob("*"))
        if path.is_file() and path.suffix not in _COMPRESSED
    }


def _address(path: Path) -> str:
    """Pages stand at their name without its ending, and `index` at its folder."""
    if path.suffix != ".html":
        return path.as_posix()
    return path.with_suffix("").as_posix().removesuffix("index").rstrip("/")


def _read(path: Path, build: Path) -> _File:
    content = path.read_bytes()
    smaller = {
        encoding: Path(f"{path}{suffix}").read_bytes()
        for encoding, suffix in _ENCODINGS
        if Path(f"{path}{suffix}").is_file()
    }
    if path.suffix == ".html":
        return _page(content, smaller)
    is_named_by_content = "immutable" in path.relative_to(build).parts
    return _File(
        headers={
            **_SECURITY,
            "Cache-Control": (
                "public, max-age=31536000, immutable" if is_named_by_content else "no-cache"
            ),
            "Content-Type": _content_type(path),
            "Vary": "Accept-Encoding",
        },
        bodies={"identity": content, **smaller},
    )


def _page(content: bytes, smaller: dict[str, bytes]) -> _File:
    headers = {
        **_SECURITY,
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy(content),
        "Content-Type": "text/html; charset=utf-8",
        "Vary": "Accept-Encoding",
    }
    return _File(headers, {"identity": content, **smaller})


def _content_type(path: Path) -> str:
    known = {".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2"}
    return known.get(path.suffix) or _TYPES.guess_type(path.name)[0] or "application/octet-stream"
