"""Files of editions as they are served: read in the browser, never run, kept by their hash."""

from typing import Final

from fastapi import Request, Response

from app.research.edition_models import FileName

_MEDIA_TYPES: Final = {
    FileName.HTML: "text/html; charset=utf-8",
    FileName.PDF: "application/pdf",
}
#: A page without scripts, apart from all else of this address; its charts stand in it.
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "sandbox allow-popups"
)


def answer(
    request: Request, content: bytes, *, name: FileName, sha256: str, title: str
) -> Response:
    """The file, or 304 where the browser has it: it never changes. `title` gives its name."""
    etag = f'"{sha256}"'
    headers = {
        "Cache-Control": "no-cache",
        "Content-Disposition": f'inline; filename="{_plain(title)}.{name}"',
        "ETag": etag,
        "Content-Security-Policy": _POLICY,
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=_MEDIA_TYPES[name])


def _plain(title: str) -> str:
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in title.lower())
    return "-".join(part for part in kept.split("-") if part)[:100] or "edition"
