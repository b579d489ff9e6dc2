"""Files of editions as they are served: read in the browser, never run, known by their hash."""

import asyncio
from typing import Final

from fastapi import Request, Response

from app.api import responses
from app.research.edition_models import FileName

_MEDIA_TYPES: Final = {
    FileName.HTML: "text/html; charset=utf-8",
    FileName.PDF: "application/pdf",
}
#: A page without scripts, apart from all else of this address; fonts and pictures stand in it.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'self'; sandbox allow-popups"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: What is released may be kept anywhere, and asked for again by its hash; all else nowhere.
_PUBLIC: Final = {"Cache-Control": "public, no-cache"}
_VARIES: Final = {"Vary": "Accept-Encoding"}
_PRIVATE: Final = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


async def answer(
    request: Request, content: bytes, *, name: FileName, sha256: str, title: str, is_public: bool
) -> Response:
    """The file, or 304 where the browser has it: it never changes. `title` gives its name. A page
    that everybody may read leaves packed where that is taken: it holds no secret, and every chart
    and table of a report as text."""
    is_packed = (
        is_public
        and name is FileName.HTML
        and responses.takes_gzip(request.headers.get("accept-encoding", "").encode())
    )
    etag = f'"{sha256}"'
    headers = {
        **_HEADERS,
        **(_PUBLIC if is_public else _PRIVATE),
        "Content-Disposition": f'inline; filename="{_plain(title)}.{name}"',
        # Weak where it is packed: the same page in other bytes (RFC 9110, 8.8.3.3).
        "ETag": f"W/{etag}" if is_packed else etag,
        **(_VARIES if name is FileName.HTML and is_public else {}),
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if is_packed:
        content = await asyncio.to_thread(responses.gzipped, content)
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=_MEDIA_TYPES[name])


def _plain(title: str) -> str:
    """In letters and digits that stand for themselves in a header and on any disk."""
    kept = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in title.lower())
    return "-".join(kept.split())[:100]
