"""Files of editions as they are served: read in the browser, never run, known by their hash."""

from typing import Final

from fastapi import Request, Response

from app.research.edition_models import FileName

_MEDIA_TYPES: Final = {
    FileName.HTML: "text/html; charset=utf-8",
    FileName.PDF: "application/pdf",
}
#: A page without scripts, apart from all else of this address; fonts and pictures stand in it.
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "frame-ancestors 'self'; sandbox allow-popups"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: What is released may be kept anywhere, and asked for again by its hash; all else nowhere.
_PUBLIC: Final = {"Cache-Control": "public, no-cache"}
_PRIVATE: Final = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


def answer(
    request: Request, content: bytes, *, name: FileName, sha256: str, title: str, is_public: bool
) -> Response:
    """The file, or 304 where the browser has it: it never changes. `title` gives its name."""
    etag = f'"{sha256}"'
    headers = {
        **_HEADERS,
        **(_PUBLIC if is_public else _PRIVATE),
        "Content-Disposition": f'inline; filename="{_plain(title)}.{name}"',
        "ETag": etag,
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=_MEDIA_TYPES[name])


def _plain(title: str) -> str:
    """In letters and digits that stand for themselves in a header and on any disk."""
    kept = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in title.lower())
    return "-".join(kept.split())[:100]
